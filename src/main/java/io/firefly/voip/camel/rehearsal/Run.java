package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.camel.rehearsal.Happening.Order;
import io.firefly.voip.camel.rehearsal.Happening.PolicyApplied;
import io.firefly.voip.camel.rehearsal.Happening.Response;
import io.firefly.voip.camel.rehearsal.Happening.Step;
import io.firefly.voip.camel.rehearsal.Happening.TenantFound;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one rehearsal, in order.
 *
 * @param call what it was about, with its source judged; null when it was about no call
 * @param callflow the flow that the routes noted; null for none
 * @param answer what a tool answered, or the text another route left; null when there is none
 * @param failure what nobody handled; null for nothing
 * @param unused what the script told steps that never came
 */
public record Run(
        List<Happening> happenings,
        @Nullable Described call,
        @Nullable String callflow,
        @Nullable String answer,
        @Nullable String failure,
        Set<String> unused) {
    public Run {
        happenings = List.copyOf(happenings);
        unused = Set.copyOf(unused);
    }

    public <T extends Happening> Stream<T> all(Class<T> kind) {
        return happenings.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** The steps in order. */
    public List<Step> steps() {
        return all(Step.class).toList();
    }

    public List<Order> orders() {
        return all(Order.class).toList();
    }

    public Optional<TenantFound> tenant() {
        return all(TenantFound.class).reduce((first, second) -> second);
    }

    /** The last policy that took over. */
    public Optional<PolicyApplied> policy() {
        return all(PolicyApplied.class).reduce((first, second) -> second);
    }

    /** The last response that a route sent; not that of a call, which its leg gives. */
    public Optional<Response> response() {
        return all(Response.class).reduce((first, second) -> second);
    }

    /** The routes that ran, in order. */
    public List<String> routes() {
        return all(Step.class).map(step -> step.place().route()).distinct().toList();
    }

    /**
     * How it ends, in words that tests and people use: {@code ends busy}, {@code agent reception}, {@code echo},
     * {@code refused 401}, {@code answers {...}}, {@code fails: ...}, {@code nothing}.
     */
    public String outcome() {
        if (answer != null) return "answers " + answer;
        if (failure != null) return "fails: " + failure;
        Optional<Response> response = response();
        if (response.isPresent()) {
            int status = response.get().status();
            return (status < 300 ? "accepted " : "refused ") + status;
        }
        List<Order> orders = orders();
        for (int i = orders.size() - 1; i >= 0; i--) {
            String lasting = lasting(orders.get(i).order());
            if (lasting != null) return lasting;
        }
        return "nothing";
    }

    private static @Nullable String lasting(String order) {
        String words = order.replaceFirst("\\?.*", "");
        if (order.startsWith("call:end?after=")) return "ends after goodbye";
        if (order.startsWith("call:end"))
            return "ends " + (order.contains("cause=") ? order.replaceFirst(".*cause=", "") : "normal");
        if (words.startsWith("agent:")) return "agent " + words.substring("agent:".length());
        return switch (words) {
            case "call:echo" -> "echo";
            case "call:play" -> "plays " + order.replaceFirst(".*file=([^&]*).*", "$1");
            case "call:answer" -> "answered";
            case "call:ring" -> "rings";
            default -> null;
        };
    }
}
