package io.firefly.voip.sip;

import io.firefly.voip.sip.digest.ClientDigest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The front door: receives SIP requests and hands them to whoever takes their method; sends requests of our own.
 *
 * <p>What a request inside a call means (ACK, BYE, CANCEL, re-INVITE, UPDATE, INFO) is settled behind this door and
 * reaches the call by its leg. Requests outside of a dialog go to the handler of their method; a method nobody takes
 * hears 405 with Allow, and 503 with Retry-After before {@link #ready()}.
 */
public interface SipFront {
    /**
     * Takes the requests of these methods from now on; the handler that came last wins.
     *
     * @return closes the registration: the handler hears nothing after {@code close}
     */
    AutoCloseable handle(Set<String> methods, SipRequestHandler handler);

    /**
     * Sends a request outside of a dialog and answers a digest challenge once when credentials are given.
     *
     * @return the final response; 408 when nobody answered in time (64*T1), 503 when it could not be sent
     */
    CompletionStage<SipResponse> send(Outgoing request);

    /**
     * Sends NOTIFY in the dialog of a SUBSCRIBE that was answered with 2xx (RFC 6665 4.2.2). One is under way at a time;
     * of those that wait only the newest is sent.
     *
     * @param dialogId of {@link SipRequest#dialogId()}
     * @return false when the dialog is over: by the answer, by none, or because the notification said so
     */
    default CompletionStage<Boolean> notifyWatcher(String dialogId, Notification notification) {
        return CompletableFuture.completedFuture(false);
    }

    /** Dialogs of subscriptions, to us and by us; 0 at rest. */
    default int openSubscriptions() {
        return 0;
    }

    /** All handlers of the start are there: from now on a method nobody takes is refused for good. */
    default void ready() {}

    /**
     * Calls alive now, those that wait for the ACK included; 0 at rest. A call is over when its BYE is sent. Legs that
     * we called are none of them: {@link io.firefly.voip.call.LegDialer#openLegs()}.
     */
    int openDialogs();

    /**
     * {@link #openDialogs()} and the calls that still wait for the answer to our BYE; 0 at rest. This is what a drain
     * awaits (at most 32 s after the last call): a front closed before leaves callers in calls that are over.
     */
    default int rememberedLegs() {
        return openDialogs();
    }

    /** The ports we listen at: transport ({@code udp}, {@code tcp}) to port. */
    Map<String, Integer> ports();

    /** What was refused, dropped or lost since the start: reason to number. */
    default Map<String, Long> counters() {
        return Map.of();
    }

    /**
     * A request to be sent.
     *
     * @param uri request URI, with {@code ;transport=tcp} when it shall not be UDP
     * @param from address-of-record we speak as; null takes our own
     * @param credentials {@code user:password} for a digest challenge
     */
    record Outgoing(
            String method,
            String uri,
            @Nullable String from,
            Map<String, List<String>> headers,
            @Nullable String contentType,
            String body,
            @Nullable Credentials credentials) {
        public Outgoing {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * What a NOTIFY says.
     *
     * @param state value of Subscription-State; {@code terminated} ends the dialog
     * @param contentType null when there is no document
     */
    record Notification(
            String event, String state, @Nullable String contentType, String body) {
        public Notification {
            for (String value : new String[] {event, state, contentType == null ? "" : contentType}) {
                if (value.chars().anyMatch(c -> c < ' ' || c == 127))
                    throw new IllegalArgumentException("control character in a header of NOTIFY");
            }
        }

        boolean isLast() {
            return state.startsWith("terminated");
        }
    }

    /** Never printed. */
    record Credentials(String user, String password) {
        /**
         * The header line with which a request that was challenged is sent again: the answer to the first challenge that we
         * can answer (RFC 8760: the server's order is its preference). Null when there is none.
         */
        @Nullable
        String answer(SipResponse challenge, String method, String uri) {
            boolean proxy = challenge.status() == 407;
            if (!proxy && challenge.status() != 401) return null;
            String asked = proxy ? "proxy-authenticate" : "www-authenticate";
            return challenge.headers().entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(asked))
                    .flatMap(header -> header.getValue().stream())
                    .flatMap(value -> ClientDigest.answer(value, method, uri, user, password).stream())
                    .findFirst()
                    .map(digest -> (proxy ? "Proxy-Authorization: " : "Authorization: ") + digest + "\r\n")
                    .orElse(null);
        }

        @Override
        public String toString() {
            return user + ":***";
        }
    }
}
