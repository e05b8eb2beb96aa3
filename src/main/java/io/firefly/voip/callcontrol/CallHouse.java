package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallState;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.call.Party;
import io.firefly.voip.callcontrol.CallThreads.CallThread;
import io.firefly.voip.callcontrol.CallThreads.Timer;
import io.firefly.voip.callcontrol.tools.CallTools;
import io.firefly.voip.callcontrol.transfer.Transfer;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.tenant.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What tools and transfers may do in one call, and what the caller hears of them. Call thread only. */
final class CallHouse implements CallTools.House, Transfer.Side {
    private static final Logger log = LoggerFactory.getLogger(CallHouse.class);
    /** An agent that has more to say than this is interrupted. */
    private static final Duration SENTENCE = Duration.ofSeconds(12);

    private static final char YES = '1';
    private static final short[] SILENCE = {};
    private static final Pattern PLAIN_URI =
            Pattern.compile("sip:[A-Za-z0-9+*#._~-]{1,64}@[A-Za-z0-9.:\\[\\]-]{1,255}");
    private static final Map<String, String> WITHHELD =
            Map.of("From", "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "Privacy", "id");

    private final ActiveCall owner;
    private final CallServices services;
    private final CallThread thread;
    private final CallMedia media;
    private @Nullable CompletableFuture<Boolean> asked;
    private boolean comforts;
    private boolean ringsBack;

    CallHouse(ActiveCall owner, CallServices services, CallThread thread, CallMedia media) {
        this.owner = owner;
        this.services = services;
        this.thread = thread;
        this.media = media;
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        Timer unused = thread.after(delay, task);
    }

    @Override
    public CallId call() {
        return owner.call().id();
    }

    @Override
    public @Nullable Tenant tenant() {
        return owner.facts().tenant();
    }

    @Override
    public boolean isEnding() {
        CallState state = owner.call().state();
        return state == CallState.ENDING || state == CallState.ENDED;
    }

    // The caller agrees

    @Override
    public CompletionStage<Boolean> confirmed() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        asked = answer;
        var settings = services.gate().settings();
        agentIsSilent()
                .thenComposeAsync(silent -> media.play(settings.confirmPrompt(), 1.0), thread)
                .whenCompleteAsync(
                        (heard, failure) -> {
                            if (failure != null) log.warn("call={} cannot be asked to confirm", call(), failure);
                            if (failure != null) answer.complete(false);
                            else after(settings.confirmWithin(), () -> answer.complete(false));
                        },
                        thread);
        return answer;
    }

    /** @return true when the key was the answer to a question, and nobody else's business */
    boolean answeredBy(char digit) {
        CompletableFuture<Boolean> open = asked;
        asked = null;
        if (open == null || open.isDone()) return false;
        log.info("call={} the caller {}", call(), digit == YES ? "agrees" : "does not agree");
        return open.complete(digit == YES);
    }

    // What is heard

    @Override
    public void comfort(boolean on) {
        comforts = on;
        fillSilence();
    }

    @Override
    public void ringback(boolean on) {
        ringsBack = on;
        fillSilence();
    }

    private void fillSilence() {
        if (!media.isStarted()) return;
        Path wanted = background();
        if (wanted == null) {
            media.bridge().fillSilence(SILENCE);
            return;
        }
        services.sounds()
                .sound(wanted, media.bridge().format(), 1.0)
                .whenCompleteAsync(
                        (sound, failure) -> {
                            if (failure != null) log.warn("call={} waits in silence", call(), failure);
                            else if (wanted.equals(background())) media.bridge().fillSilence(sound);
                        },
                        thread);
    }

    private @Nullable Path background() {
        if (owner.call().state() == CallState.ENDED) return null;
        var settings = services.gate().settings();
        if (ringsBack) return settings.ringback();
        return comforts ? settings.comfort() : null;
    }

    @Override
    public void fill(String phrase) {
        owner.conversation().fill(phrase);
    }

    @Override
    public void offer(List<ToolDescription> tools) {
        owner.conversation().offer(tools);
    }

    @Override
    public CompletionStage<?> agentIsSilent() {
        CompletableFuture<Boolean> silent = new CompletableFuture<>();
        media.bridge().whenAgentIsSilent(() -> after(media.untilHeard(), () -> silent.complete(true)));
        after(SENTENCE, () -> silent.complete(true));
        return silent;
    }

    // Connecting with somebody else

    @Override
    public CallLeg leg() {
        return owner.leg();
    }

    @Override
    public LegDialer dialer() {
        return services.dialer();
    }

    /** Who does not want to be known is not told to whom they are connected with either (RFC 3323). */
    @Override
    public Map<String, String> identity() {
        Party caller = owner.call().parties().caller();
        boolean shown = !owner.call().isCallerWithheld()
                && PLAIN_URI.matcher(caller.uri()).matches();
        return shown ? Map.of("From", "<" + caller.uri() + ">") : WITHHELD;
    }

    @Override
    public MediaSession openMedia(CallId party) {
        return services.media().openCalled(party);
    }

    @Override
    public void join(MediaSession party) {
        media.bridge().connectParty(party);
        owner.conversation().leave();
    }

    @Override
    public void transferredTo(String target) {
        owner.facts().transferredTo(target);
    }

    @Override
    public void end(HangupCause cause, EndedBy by) {
        owner.end(cause, by);
    }
}
