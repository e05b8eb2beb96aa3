package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.openai.settings.Models;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.firefly.voip.agent.openai.sound.LineCodec;
import io.firefly.voip.agent.openai.wire.ClientEvents;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.CallId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one session as a call would, right after the start, and closes it when the provider has accepted it: a wrong key,
 * model or setting is told then, and not to the first caller. A session in which nothing is said costs nothing. Agent's
 * thread only.
 */
final class Probe implements Link.Owner {
    private static final Logger log = LoggerFactory.getLogger(Probe.class);

    private final OpenAiProperties properties;
    private final Upstream upstream;
    private final BiConsumer<Duration, Runnable> timer;
    private final long beganNanos = System.nanoTime();
    private boolean over;

    /** @param timer runs tasks on the agent's thread */
    Probe(OpenAiProperties properties, Upstream upstream, BiConsumer<Duration, Runnable> timer) {
        this.properties = properties;
        this.upstream = upstream;
        this.timer = timer;
    }

    /** Says which of the models will be gone some day. */
    static void warnOfLastDays(OpenAiProperties properties, LocalDate today) {
        warn("firefly.openai.model", properties.model(), today);
        warn("firefly.openai.transcription-model", properties.transcriptionModel(), today);
    }

    private static void warn(String key, String model, LocalDate today) {
        LocalDate last = Models.lastDay(model);
        if (last == null) return;
        String when = last.isBefore(today) ? "stopped answering" : "stops answering";
        log.warn("{} {} {} on {}: choose another", key, model, when, last);
    }

    void start() {
        CallId nobody = new CallId("startup-probe");
        AgentProfile profile = new AgentProfile("probe", null, null, null, null, null, null, AgentManner.AS_SET);
        AgentBrief brief = new AgentBrief(nobody, profile, "PCMU", AudioFormat.NARROWBAND, Map.of(), List.of());
        ClientEvents events = new ClientEvents(properties, brief, LineCodec.of(brief));
        Upstream.Request request =
                new Upstream.Request(nobody.value(), properties.realtime(properties.model()), properties.handshake());
        Link link =
                new Link(new Link.Plan(request, () -> events.sessionUpdate(events.nextId(), true), properties), this);
        try {
            link.open(upstream);
        } catch (RuntimeException e) {
            log.warn("the AI provider could not be asked: {}", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void post(Runnable task) {
        timer.accept(Duration.ZERO, task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        timer.accept(delay, task);
    }

    @Override
    public void ready(Link ready) {
        over = true;
        ready.close("probe");
        long millis = Duration.ofNanos(System.nanoTime() - beganNanos).toMillis();
        log.info("the AI provider accepts key, model {} and settings (asked within {} ms)", properties.model(), millis);
    }

    @Override
    public void lost(Link gone, Link.Loss loss) {
        if (over) return;
        over = true;
        log.warn("calls to agents will fail: {}", loss.sentence());
    }

    @Override
    public void heard(Link from, ServerEvent event) {}

    @Override
    public void unreadable(int chars) {}
}
