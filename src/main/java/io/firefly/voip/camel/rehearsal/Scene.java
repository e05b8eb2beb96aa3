package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.cdr.CallDetailRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is put before the routes in a rehearsal. */
public sealed interface Scene {
    /** The call it is about; null when there is none any more. */
    @Nullable
    Described call();

    /** The same scene with its call seen in another way. */
    Scene with(Described judged);

    /** A call comes: an INVITE at {@code sip:edge} when a route takes it there, else {@code call:incoming}. */
    record Incoming(Described call) implements Scene {
        @Override
        public Scene with(Described judged) {
            return new Incoming(judged);
        }
    }

    /** Another SIP request: {@code OPTIONS}, {@code REGISTER}. */
    record Request(String method, Described call) implements Scene {
        @Override
        public Scene with(Described judged) {
            return new Request(method, judged);
        }
    }

    /** A call is over. */
    record Ended(CallDetailRecord detail) implements Scene {
        @Override
        public @Nullable Described call() {
            return null;
        }

        @Override
        public Scene with(Described judged) {
            return this;
        }
    }

    /** During a call its agent asks for a tool; the arguments are the JSON text that the model wrote. */
    record Tool(String name, String argumentsJson, Described call) implements Scene {
        @Override
        public Scene with(Described judged) {
            return new Tool(name, argumentsJson, judged);
        }
    }

    /**
     * An exchange enters one route by its own door, {@code direct:callflow-chat} or {@code websocket:client/agent}. The
     * variables {@code tenant} and {@code callflow} are those of the call unless they are given.
     *
     * @param body null: the call itself
     */
    record Sent(
            String to,
            @Nullable Object body,
            Map<String, Object> headers,
            Map<String, Object> variables,
            Described call)
            implements Scene {
        public Sent {
            headers = Map.copyOf(headers);
            variables = Map.copyOf(variables);
        }

        @Override
        public Scene with(Described judged) {
            return new Sent(to, body, headers, variables, judged);
        }
    }
}
