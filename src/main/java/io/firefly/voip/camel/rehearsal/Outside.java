package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.callcontrol.admission.Admission;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.camel.rehearsal.Happening.Response;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.sip.SipRequestHandler;
import io.firefly.voip.sip.SipResponder;
import io.firefly.voip.sip.SipResponse;
import io.firefly.voip.tenant.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** The world around the routes in a rehearsal: it takes every order, notes it and carries nothing out. */
final class Outside {
    private Outside() {}

    /** Notes what is ordered of the call and what its caller would notice; carries nothing out. */
    static final class Orders implements CallOrders {
        private static final Map<Integer, String> REASONS = Map.of(
                403, "Forbidden",
                404, "Not Found",
                408, "Request Timeout",
                480, "Temporarily Unavailable",
                486, "Busy Here",
                487, "Request Terminated",
                488, "Not Acceptable Here",
                500, "Server Internal Error",
                503, "Service Unavailable",
                603, "Decline");
        private static final String ADMIT = "call:admit";
        private final Supplier<@Nullable Notes> notes;
        private final java.util.function.Consumer<IncomingCall> offered;
        private boolean answered;
        private boolean ended;
        private boolean recorded;

        /** @param offered hears of a call that {@code call:offer} made */
        Orders(Supplier<@Nullable Notes> notes, java.util.function.Consumer<IncomingCall> offered) {
            this.notes = notes;
            this.offered = offered;
        }

        /** @param duringCall for what happens in a call that was answered before */
        synchronized void begin(boolean duringCall) {
            answered = duringCall;
            ended = false;
            recorded = false;
        }

        @Override
        public void offer(IncomingCall incoming) {
            note("call:offer", "");
            offered.accept(incoming);
        }

        @Override
        public synchronized Admission admit(CallId call, Tenant tenant) {
            note(ADMIT, "");
            recorded = tenant.record();
            Notes now = notes.get();
            HangupCause cause = now == null ? null : now.script().refusals().get(ADMIT);
            if (cause == null) return new Admission.Admitted(1);
            now.used(ADMIT);
            return new Admission.Refused(cause, "as it was told to");
        }

        @Override
        public void ring(CallId call, Duration delay) {
            note("call:ring?delay=" + words(delay), "180 Ringing, for " + words(delay));
        }

        @Override
        public synchronized void answer(CallId call, boolean record) {
            note(record ? "call:answer?record=true" : "call:answer", answer(record));
            answered = true;
        }

        private String answer(boolean record) {
            return record || recorded ? "200 OK, the call is answered and recorded" : "200 OK, the call is answered";
        }

        @Override
        public void play(CallId call, Path file, double tempo) {
            String at = tempo == 1.0 ? "" : ", at " + tempo + " of its tempo";
            sound("call:play?file=" + file + (tempo == 1.0 ? "" : "&tempo=" + tempo), file + " is played" + at);
        }

        @Override
        public void echo(CallId call) {
            sound("call:echo", "their own voice");
        }

        @Override
        public void connectAgent(CallId call, AgentProfile profile) {
            String greeting = profile.greeting() == null ? "" : ": \"" + Notes.shown(profile.greeting()) + "\"";
            sound("agent:" + profile.name(), "the voice agent " + profile.name() + greeting);
        }

        /** Steps that make sound answer the call themselves. */
        private synchronized void sound(String order, String heard) {
            boolean first = !answered && !ended;
            note(order, first ? answer(false) + "; " + heard : heard);
            answered = true;
        }

        @Override
        public void sendDtmf(CallId call, String digits) {
            sound("call:dtmf?digits=" + digits, "the digits " + digits);
        }

        @Override
        public CompletionStage<TransferOutcome> transfer(CallId call, String target) {
            sound("call:transfer?target=" + target, "somebody else, or the agent again: " + target);
            return CompletableFuture.completedFuture(TransferOutcome.failed("no answer"));
        }

        @Override
        public Map<String, Object> caller(CallId call) {
            note("call:caller", "");
            return Map.of("withheld", false, "number", "+15550100");
        }

        @Override
        public synchronized void end(CallId call, HangupCause cause) {
            String order = cause == HangupCause.NORMAL ? "call:end" : "call:end?cause=" + cause.label();
            String refused = cause.sipStatus() + " " + REASONS.getOrDefault(cause.sipStatus(), "");
            note(order, answered ? "BYE, the call is over (" + cause.label() + ")" : refused.strip());
            ended = true;
        }

        @Override
        public synchronized void endAfterGoodbye(CallId call) {
            note("call:end?after=goodbye", "the agent's goodbye to its end, then BYE");
            ended = true;
        }

        @Override
        public void noteCallflow(CallId call, String callflow) {
            Notes now = notes.get();
            if (now == null) return;
            now.callflow(callflow);
            note("call:flow", "");
        }

        private synchronized void note(String order, String heard) {
            Notes now = notes.get();
            if (now != null)
                now.happened(
                        new Happening.Order(order, ended && !heard.isEmpty() ? "nothing: the call is over" : heard));
        }

        private static String words(Duration delay) {
            return delay.toMillis() % 1000 == 0 ? delay.toSeconds() + "s" : delay.toMillis() + "ms";
        }
    }

    /** A front door without a street: requests come from the scene, responses are noted, nothing is sent. */
    static final class Front implements SipFront {
        private final Map<String, SipRequestHandler> handlers = new ConcurrentHashMap<>();
        private final Supplier<@Nullable Notes> notes;

        Front(Supplier<@Nullable Notes> notes) {
            this.notes = notes;
        }

        @Override
        public AutoCloseable handle(Set<String> methods, SipRequestHandler handler) {
            methods.forEach(method -> handlers.put(method, handler));
            return () -> methods.forEach(method -> handlers.remove(method, handler));
        }

        boolean takes(String method) {
            return handlers.containsKey(method);
        }

        Set<String> methods() {
            return Set.copyOf(handlers.keySet());
        }

        /** @param becameCall whether a call answers it, by its leg */
        void receive(SipRequest request, Supplier<Boolean> becameCall) {
            SipRequestHandler handler = handlers.get(request.method());
            if (handler != null) handler.onRequest(request, new NotedResponder(becameCall));
        }

        private final class NotedResponder implements SipResponder {
            private final Supplier<Boolean> becameCall;
            private boolean responded;

            NotedResponder(Supplier<Boolean> becameCall) {
                this.becameCall = becameCall;
            }

            @Override
            public synchronized void respond(SipResponse response) {
                if (isDone()) return;
                responded = true;
                Notes now = notes.get();
                String reason = response.reason() == null ? "" : response.reason();
                if (now != null) now.happened(new Response(response.status(), reason));
            }

            @Override
            public synchronized boolean isDone() {
                return responded || becameCall.get();
            }
        }

        @Override
        public CompletionStage<SipResponse> send(Outgoing request) {
            Notes now = notes.get();
            if (now != null)
                now.happened(new Happening.Order("sip:" + request.uri() + "?method=" + request.method(), ""));
            return CompletableFuture.completedFuture(SipResponse.of(200));
        }

        @Override
        public int openDialogs() {
            return 0;
        }

        @Override
        public Map<String, Integer> ports() {
            return Map.of();
        }
    }

    /** The caller's network in a rehearsal: there is none. */
    enum SilentLeg implements CallLeg {
        INSTANCE;

        @Override
        public void listen(CallLegListener listener) {
            // Nobody hangs up in a rehearsal.
        }

        @Override
        public void ring() {
            // Noted as an order.
        }

        @Override
        public void answer(String sdp) {
            // Noted as an order.
        }

        @Override
        public void end(HangupCause cause) {
            // Noted as an order.
        }
    }

    /** A scheme that leads outside: nothing is sent, and a route that starts there is started by the scene. */
    static final class StandIn extends DefaultComponent {
        private final Map<String, Processor> doors;
        private final @Nullable Component judge;

        /**
         * @param doors where routes start from, to the route behind
         * @param judge knows which words and options there are; null: all are taken
         */
        StandIn(Map<String, Processor> doors, @Nullable Component judge) {
            this.doors = doors;
            this.judge = judge;
            // Camel would look for the fields of the component whose place this takes.
            setAutowiredEnabled(false);
        }

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                throws Exception {
            if (judge != null) {
                judge.setCamelContext(getCamelContext());
                Endpoint unused = judge.createEndpoint(uri);
            }
            parameters.clear();
            return new Silent(uri, this);
        }

        private static final class Silent extends DefaultEndpoint {
            private final StandIn component;

            Silent(String uri, StandIn component) {
                super(uri, component);
                this.component = component;
            }

            @Override
            public boolean isLenientProperties() {
                return true;
            }

            @Override
            public Producer createProducer() {
                return new DefaultProducer(this) {
                    @Override
                    public void process(Exchange exchange) {
                        // Noted by the endpoint's watch; there is nobody outside.
                    }
                };
            }

            @Override
            public Consumer createConsumer(Processor route) {
                component.doors.put(Watch.plain(getEndpointUri()).replaceFirst("\\?.*", ""), route);
                return new DefaultConsumer(this, route);
            }
        }
    }
}
