package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.camel.rehearsal.Happening.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.NamedNode;
import org.apache.camel.Predicate;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.DelayDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ValidateDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.support.ExpressionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Puts a witness before every condition of a route while it is still a model: the condition itself is evaluated by its own
 * language, and the witness writes down what it saw and what it said. A rehearsal also waits for nothing: delays and the
 * pauses before a repetition are left out.
 */
final class Conditions extends ModelLifecycleStrategySupport {
    private static final String SIMPLE = "simple";
    private final CamelContext camel;
    private final Supplier<@Nullable Notes> notes;
    private final Map<String, String> questions = new LinkedHashMap<>();

    Conditions(CamelContext camel, Supplier<@Nullable Notes> notes) {
        this.camel = camel;
        this.notes = notes;
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        route.getOutputs().forEach(step -> witness(route.getId(), step));
    }

    /** {@code file:line} to the words of the condition that stands there. */
    Map<String, String> questions() {
        return Map.copyOf(questions);
    }

    void witness(RouteConfigurationDefinition policy) {
        for (OnExceptionDefinition handler : policy.getOnExceptions()) {
            String id = String.valueOf(policy.getId());
            if (handler.getOnWhen() != null)
                replace(new Where(id, String.valueOf(handler.getId())), handler.getOnWhen());
            withoutPauses(handler);
            handler.getOutputs().forEach(step -> witness(id, step));
        }
    }

    private static void withoutPauses(OnExceptionDefinition handler) {
        var redelivery = handler.getRedeliveryPolicyType();
        if (redelivery == null) return;
        redelivery.setRedeliveryDelay("0");
        redelivery.setUseExponentialBackOff("false");
        redelivery.setDelayPattern(null);
    }

    private void witness(String route, ProcessorDefinition<?> step) {
        if (step instanceof ChoiceDefinition choice) {
            int number = 0;
            for (WhenDefinition when : choice.getWhenClauses()) {
                number++;
                replace(new Where(route, branchId(choice, when, number)), when);
                when.getOutputs().forEach(inner -> witness(route, inner));
            }
            if (choice.getOtherwise() != null)
                choice.getOtherwise().getOutputs().forEach(inner -> witness(route, inner));
            return;
        }
        Where where = new Where(route, String.valueOf(step.getId()));
        if (step instanceof FilterDefinition || step instanceof ValidateDefinition)
            replace(where, (ExpressionNode) step);
        if (step instanceof CatchDefinition handler && handler.getOnWhen() != null) replace(where, handler.getOnWhen());
        if (step instanceof DelayDefinition delay) delay.setExpression(atOnce(delay.getExpression()));
        step.getOutputs().forEach(inner -> witness(route, inner));
    }

    /** A branch without an id of its own goes by that of its choice. */
    static String branchId(ChoiceDefinition choice, WhenDefinition when, int number) {
        if (when.getId() != null && when.hasCustomIdAssigned()) return when.getId();
        return number == 1 ? String.valueOf(choice.getId()) : choice.getId() + "/" + number;
    }

    private record Where(String route, String id) {}

    private <T extends HasExpressionType & NamedNode> void replace(Where where, T node) {
        node.setExpressionType(new ExpressionDefinition(new Witness(where, node, node.getExpressionType())));
    }

    private ExpressionDefinition atOnce(ExpressionDefinition millis) {
        Expression real = millis.createExpression(camel);
        Expression once = new ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                Notes now = notes.get();
                if (now == null) return real.evaluate(exchange, Object.class);
                now.happened(new Happening.Remark(
                        "a delay of " + real.evaluate(exchange, String.class) + " ms, not waited for here"));
                return 0L;
            }
        };
        return new ExpressionDefinition(once);
    }

    private final class Witness implements Predicate {
        private final Place place;
        private final String language;
        private final String expression;
        private final Predicate real;
        private final Map<String, Expression> parts = new LinkedHashMap<>();

        Witness(Where where, NamedNode node, ExpressionDefinition definition) {
            this.place = new Place(where.route(), where.id(), Watch.file(node), node.getLineNumber());
            this.language = String.valueOf(definition.getLanguage());
            this.expression = String.valueOf(definition.getExpression()).strip();
            this.real = definition.createPredicate(camel);
            questions.put(place.toString(), expression);
            if (language.equals(SIMPLE)) {
                for (String part : functions(expression)) {
                    // A bean is asked once, by the condition itself; it might count.
                    if (!isBean(part) || !part.equals(expression)) parts.put(part, simple(part));
                }
            } else if (!(definition instanceof ConstantExpression)) {
                parts.put(expression, definition.createExpression(camel));
            }
        }

        private Expression simple(String part) {
            return camel.resolveLanguage(SIMPLE).createExpression(part);
        }

        @Override
        public boolean matches(Exchange exchange) {
            Notes now = notes.get();
            if (now == null) return real.matches(exchange);
            Map<String, String> values = new LinkedHashMap<>();
            parts.forEach((part, value) -> values.put(part, String.valueOf(Notes.shown(valueOf(value, exchange)))));
            boolean holds = told(now).orElseGet(() -> real.matches(exchange));
            if (values.isEmpty() && language.equals(SIMPLE) && isBean(expression)) {
                values.put(expression, String.valueOf(holds));
            }
            now.happened(new Happening.Condition(place, now.depth(exchange), language, expression, values, holds));
            return holds;
        }

        private Optional<Boolean> told(Notes now) {
            Optional<String> key = Script.key(now.script().choices(), place.id());
            key.ifPresent(now::used);
            return key.map(now.script().choices()::get);
        }

        private @Nullable Object valueOf(Expression part, Exchange exchange) {
            try {
                return part.evaluate(exchange, Object.class);
            } catch (RuntimeException unreadable) {
                return "(" + Notes.words(unreadable) + ")";
            }
        }

        @Override
        public void init(CamelContext context) {
            real.init(context);
            parts.values().forEach(part -> part.init(context));
        }

        @Override
        public void initPredicate(CamelContext context) {
            init(context);
        }

        @Override
        public String toString() {
            return place + ": " + expression;
        }
    }

    private static boolean isBean(String part) {
        return part.startsWith("${bean:");
    }

    /** The outermost {@code ${...}} of an expression. */
    static List<String> functions(String expression) {
        List<String> found = new ArrayList<>();
        int start = -1;
        int depth = 0;
        for (int i = 0; i < expression.length(); i++) {
            if (expression.startsWith("${", i)) {
                if (depth++ == 0) start = i;
            } else if (expression.charAt(i) == '}' && depth > 0 && --depth == 0) {
                found.add(Objects.requireNonNull(expression.substring(start, i + 1)));
            }
        }
        return found;
    }
}
