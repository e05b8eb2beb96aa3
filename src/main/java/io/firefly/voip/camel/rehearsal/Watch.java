package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.camel.rehearsal.Happening.Place;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultInterceptSendToEndpoint;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/** Sees every step of every route, as Camel's own debugger does, and makes steps do what the script tells them. */
final class Watch implements InterceptStrategy {
    private final Supplier<@Nullable Notes> notes;
    private final Predicate<String> mayRunBean;
    private final Map<String, String> policyOfPlace = new HashMap<>();

    /** @param mayRunBean whether a {@code bean:} step of this name is run, or only noted */
    Watch(Supplier<@Nullable Notes> notes, Predicate<String> mayRunBean) {
        this.notes = notes;
        this.mayRunBean = mayRunBean;
    }

    /** The steps of a policy do not know it any more once they are part of a route: only their line tells. */
    void remember(RouteConfigurationDefinition policy) {
        for (OnExceptionDefinition handler : policy.getOnExceptions()) {
            policyOfPlace.put(key(handler), policy.getId());
        }
    }

    private static String key(NamedNode node) {
        return file(node) + ":" + node.getLineNumber() + ":" + node.getId();
    }

    static String file(NamedNode node) {
        String location = String.valueOf(node.getLocation());
        return location.substring(Math.max(location.lastIndexOf('/'), location.lastIndexOf(':')) + 1);
    }

    @Override
    public Processor wrapProcessorInInterceptors(CamelContext camel, NamedNode node, Processor target, Processor next) {
        RouteDefinition route =
                node instanceof ProcessorDefinition<?> step ? ProcessorDefinitionHelper.getRoute(step) : null;
        Watched watched = new Watched(
                node, route == null ? "" : route.getId(), node.getId(), node.getShortName(), policyOf(node));
        return new WatchedStep(target, watched);
    }

    private @Nullable String policyOf(NamedNode node) {
        for (NamedNode each = node; each != null; each = each.getParent()) {
            if (each instanceof OnExceptionDefinition) return policyOfPlace.getOrDefault(key(each), "of the route");
        }
        return null;
    }

    /** What is known of a step before anything runs. */
    private record Watched(
            NamedNode node,
            String route,
            String id,
            String kind,
            @Nullable String policy) {
        Place place(Exchange exchange) {
            // A step of a policy serves many routes.
            String runs = policy == null ? route : String.valueOf(exchange.getProperty(Exchange.FAILURE_ROUTE_ID));
            return new Place(runs.isEmpty() ? route : runs, id, file(node), node.getLineNumber());
        }
    }

    private final class WatchedStep extends DelegateAsyncProcessor {
        private final Watched watched;

        WatchedStep(Processor target, Watched watched) {
            super(target);
            this.watched = watched;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Notes now = notes.get();
            if (now == null) return super.process(exchange, callback);
            String limit = now.limit(exchange);
            if (limit != null) {
                exchange.setException(new IllegalStateException(limit));
                callback.done(true);
                return true;
            }
            Place place = watched.place(exchange);
            if (watched.policy() != null) {
                now.policy(
                        watched.policy(),
                        place.route(),
                        exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
            }
            Notes.OpenStep step = now.enter(exchange, place, watched.kind());
            if (isTold(now, exchange)) {
                now.leave(exchange, step, exchange.getException());
                callback.done(true);
                return true;
            }
            return super.process(exchange, synchronous -> {
                noteResult(now, step, exchange);
                now.leave(exchange, step, exchange.getException());
                callback.done(synchronous);
            });
        }

        /** True when the script does the step's work. */
        private boolean isTold(Notes now, Exchange exchange) {
            Optional<String> failure = Script.key(now.script().failures(), watched.id());
            if (failure.isPresent()) {
                now.used(failure.get());
                exchange.setException(
                        new IllegalStateException(now.script().failures().get(failure.get())));
                return true;
            }
            Optional<String> answer = Script.key(now.script().answers(), watched.id());
            if (answer.isPresent()) {
                now.used(answer.get());
                exchange.getMessage().setBody(now.script().answers().get(answer.get()));
                return true;
            }
            if (watched.node() instanceof BeanDefinition bean && !mayRunBean.test(String.valueOf(bean.getRef()))) {
                now.happened(new Happening.Remark("bean '" + bean.getRef() + "' is not run in a rehearsal"));
                return true;
            }
            return false;
        }

        private void noteResult(Notes now, Notes.OpenStep step, Exchange exchange) {
            if (exchange.getException() != null) return;
            if (watched.node() instanceof SetVariableDefinition set) {
                step.sets(set.getName() + " = " + plain(exchange.getVariable(set.getName())));
            } else if (watched.node() instanceof SetHeaderDefinition set) {
                step.sets(set.getName() + " = " + exchange.getMessage().getHeader(set.getName()));
            } else if (watched.node() instanceof SetBodyDefinition) {
                step.sets(exchange.getMessage().getBody());
            }
            if (exchange.getVariable("tenant") instanceof TenantMatch match) {
                now.tenant(match);
            }
        }

        private @Nullable Object plain(@Nullable Object value) {
            return value instanceof TenantMatch match ? match.tenant().id() + " (" + match.reason() + ")" : value;
        }
    }

    /** As people write it: {@code call:play?file=audio/welcome.wav}. */
    static String plain(String uri) {
        String plain = uri.replaceFirst("^([a-zA-Z0-9+.-]+)://", "$1:");
        try {
            return URLDecoder.decode(plain.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return plain;
        }
    }

    /** An endpoint that notes what is sent to it, and does instead what the script tells it. */
    static final class WatchedEndpoint extends DefaultInterceptSendToEndpoint {
        private final Endpoint real;
        private final Supplier<@Nullable Notes> notes;
        private final Predicate<String> mayRunBean;

        WatchedEndpoint(Endpoint real, Supplier<@Nullable Notes> notes, Predicate<String> mayRunBean) {
            super(real, false);
            this.real = real;
            this.notes = notes;
            this.mayRunBean = mayRunBean;
        }

        @Override
        public AsyncProducer createAsyncProducer() throws Exception {
            AsyncProducer producer = real.createAsyncProducer();
            String target = plain(getEndpointUri());
            return new DefaultAsyncProducer(this) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    Notes now = notes.get();
                    if (now == null) return producer.process(exchange, callback);
                    now.sentTo(exchange, target);
                    if (isTold(now, exchange, target)) {
                        callback.done(true);
                        return true;
                    }
                    return producer.process(exchange, callback);
                }

                @Override
                protected void doStart() throws Exception {
                    super.doStart();
                    producer.start();
                }

                @Override
                protected void doStop() throws Exception {
                    producer.stop();
                    super.doStop();
                }
            };
        }

        private boolean isTold(Notes now, Exchange exchange, String target) {
            Optional<String> failure = Script.key(now.script().failures(), target);
            if (failure.isPresent()) {
                now.used(failure.get());
                exchange.setException(
                        new IllegalStateException(now.script().failures().get(failure.get())));
                return true;
            }
            Optional<String> answer = Script.key(now.script().answers(), target);
            if (answer.isPresent()) {
                now.used(answer.get());
                exchange.getMessage().setBody(now.script().answers().get(answer.get()));
                return true;
            }
            if (target.startsWith("bean:")
                    && !mayRunBean.test(target.replaceFirst("^bean:", "").replaceFirst("\\?.*", ""))) {
                now.happened(new Happening.Remark(target + " is not run in a rehearsal"));
                return true;
            }
            return false;
        }
    }
}
