package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.openai.settings.Dialect;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.firefly.voip.agent.openai.wire.Failures;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One socket to the provider: connects, configures its session, and from then on passes events to its owner. A
 * conversation that is reconnected or goes on in a new session has several, one after the other. Agent's thread only.
 */
final class Link {
    /**
     * How a link is opened.
     *
     * @param sessionUpdate asked when the session is there: tools may have changed since it was dialled
     */
    record Plan(Upstream.Request request, Supplier<String> sessionUpdate, OpenAiProperties properties) {}

    /** Whom it serves. Nothing is told of a link after {@link #close}. */
    interface Owner {
        /** Any thread: brings a task to the agent's thread. */
        void post(Runnable task);

        void after(Duration delay, Runnable task);

        /** The provider accepted the session. */
        void ready(Link link);

        /** An event of a session that is ready. */
        void heard(Link link, ServerEvent event);

        /** A frame that is no event. */
        void unreadable(int chars);

        /** The last word of a link. */
        void lost(Link link, Loss loss);
    }

    /**
     * Why a link is gone.
     *
     * @param sentence for the operator
     * @param again another attempt may succeed
     */
    record Loss(String sentence, boolean again) {}

    /** Then a gateway that does not tell of the session is taken to have made, or accepted, it. */
    private static final Duration GATEWAY_PATIENCE = Duration.ofSeconds(1);

    private enum Phase {
        CONNECTING,
        CONFIGURING,
        READY,
        OVER
    }

    private final Plan plan;
    private final Owner owner;
    private Phase phase = Phase.CONNECTING;
    private boolean opened;
    private Upstream.@Nullable Socket socket;

    Link(Plan plan, Owner owner) {
        this.plan = plan;
        this.owner = owner;
    }

    void open(Upstream upstream) {
        socket = upstream.open(plan.request(), new Wire());
        Duration patience = plan.properties().connectTimeout();
        owner.after(patience, () -> {
            if (!opened) lose(new Loss(Failures.noConnection(patience.toMillis()), true));
        });
    }

    boolean isReady() {
        return phase == Phase.READY;
    }

    /** It was told its session's settings; the provider need not have said yes yet. */
    boolean isConfigured() {
        return phase == Phase.CONFIGURING || phase == Phase.READY;
    }

    /** @return false when it could not be sent */
    boolean send(String event) {
        return socket != null && phase != Phase.OVER && socket.send(event);
    }

    /** Where the caller's sound goes. Of a link that is ready. */
    Upstream.Socket socket() {
        if (socket == null) throw new IllegalStateException("no socket");
        return socket;
    }

    void close(String reason) {
        if (phase == Phase.OVER) return;
        phase = Phase.OVER;
        if (socket != null) socket.close(1000, reason);
    }

    private void opened() {
        opened = true;
        Duration patience = plan.properties().sessionReadyTimeout();
        if (isGateway()) owner.after(GATEWAY_PATIENCE, this::configure);
        owner.after(patience, () -> {
            if (phase != Phase.READY) lose(new Loss(Failures.notReady(patience.toMillis()), true));
        });
    }

    private void received(String frame) {
        if (phase == Phase.OVER) return;
        ServerEvent event = ServerEvent.read(frame);
        if (event == null) {
            owner.unreadable(frame.length());
            return;
        }
        switch (event.type()) {
            case "session.created" -> configure();
            case "conversation.created" -> {
                if (isGateway()) configure();
            }
            case "session.updated" -> accepted();
            case "error" -> error(event);
            default -> {
                if (phase == Phase.READY) owner.heard(this, event);
            }
        }
    }

    private void configure() {
        if (phase != Phase.CONNECTING) return;
        phase = Phase.CONFIGURING;
        send(plan.sessionUpdate().get());
        if (isGateway()) owner.after(GATEWAY_PATIENCE, this::accepted);
    }

    private boolean isGateway() {
        return plan.properties().dialect() == Dialect.COMPATIBLE;
    }

    private void accepted() {
        if (phase != Phase.CONFIGURING) return;
        phase = Phase.READY;
        owner.ready(this);
    }

    private void error(ServerEvent error) {
        String code = error.errorCode();
        boolean over = Failures.isFatal(code) || phase != Phase.READY;
        if (!over) {
            owner.heard(this, error);
            return;
        }
        String sentence = Failures.error(code, error.bodyText("message"), error.bodyText("param"));
        lose(new Loss(sentence, Failures.isWorthAnotherSession(code)));
    }

    private void closed(int code, @Nullable String reason) {
        lose(new Loss(Failures.closed(code, reason, opened), Failures.isWorthReconnecting(code, reason, opened)));
    }

    private void lose(Loss loss) {
        if (phase == Phase.OVER) return;
        close("call ended");
        owner.lost(this, loss);
    }

    /** The far end's voice, brought to the agent's thread. */
    private final class Wire implements Upstream.Listener {
        @Override
        public void opened() {
            owner.post(Link.this::opened);
        }

        @Override
        public void text(String frame) {
            owner.post(() -> received(frame));
        }

        @Override
        public void closed(int code, @Nullable String reason) {
            owner.post(() -> Link.this.closed(code, reason));
        }
    }
}
