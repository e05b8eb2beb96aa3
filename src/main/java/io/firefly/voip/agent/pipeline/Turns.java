package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.conduct.Conduct;
import io.firefly.voip.agent.conduct.Initiative;
import io.firefly.voip.agent.pipeline.Listening.Moment;
import io.firefly.voip.agent.pipeline.Reply.Purpose;
import io.firefly.voip.agent.pipeline.VoiceBackend.Message;
import io.firefly.voip.agent.pipeline.VoiceBackend.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who speaks when. An interruption only holds the answer; what was said decides whether it is cut or goes on. Agent's
 * thread.
 */
final class Turns {
    private static final Logger log = LoggerFactory.getLogger(Turns.class);
    private static final String GOODBYE =
            "The call ends now. Say goodbye in one short sentence, in the language of the conversation.";

    private final PipelineSession.Setting setting;
    private final Stages stages;
    private final Consumer<AgentFailure> failed;
    private final History history;
    private final Listening listening;
    private final Desk desk = new Desk();
    private final CallersWords words = new CallersWords();
    private final Conduct conduct;
    private final Keys keys;
    private final TurnBook book;
    private final ToolRuns tools;
    private final Initiative initiative;
    private @Nullable Reply reply;
    private CallersWords.Taken answering = CallersWords.NONE;
    private @Nullable CompletableFuture<Void> goodbye;
    private int replies;
    private int failuresInARow;
    private boolean begun;
    private boolean greetedAgain;
    private int bargeIns;
    private int falseBargeIns;
    private Runnable whenReady = () -> {};

    /**
     * @param failed a fatal failure ends the session before this returns
     * @param leave says goodbye and ends the call
     */
    Turns(PipelineSession.Setting setting, Stages stages, Consumer<AgentFailure> failed, Consumer<Leaving> leave) {
        this.setting = setting;
        this.stages = stages;
        this.failed = failed;
        this.history = History.of(setting);
        AgentManner manner = setting.brief().profile().manner();
        this.conduct = setting.properties().conduct().with(manner);
        this.listening = new Listening(setting, setting.properties().vad().with(manner.turns()), stages, new Ear());
        this.keys = new Keys(stages, this::pressed);
        this.book = new TurnBook(setting);
        this.tools = new ToolRuns(setting, stages);
        this.initiative = new Initiative(conduct, setting.stage(), new Floor(leave));
    }

    /** While it rings: the greeting is spoken already and waits. */
    void prepare(Runnable ready) {
        whenReady = ready;
        String own = setting.brief().profile().greeting();
        String greeting = own == null ? setting.properties().greeting() : own;
        if (greeting.isBlank()) {
            ready.run();
            return;
        }
        Reply first = reply(Purpose.GREETING);
        first.hold();
        first.say(greeting.strip());
    }

    void greet() {
        begun = true;
        initiative.begin();
        if (reply != null) reply.resume();
    }

    void hear(short[] pcm, int length) {
        if (goodbye == null && !isProtected(reply)) listening.hear(pcm, length);
    }

    private boolean isProtected(@Nullable Reply current) {
        return current != null && current.purpose() == Purpose.GREETING && conduct.protectedGreeting();
    }

    /** Every 20 ms: was it heard to its end? */
    void look() {
        Reply current = reply;
        if (current != null && current.isComplete() && current.voice().isSilent()) heardToTheEnd(current);
        if (goodbye == null) initiative.look();
    }

    private void heardToTheEnd(Reply heard) {
        heard.settleAsHeard();
        reply = null;
        failuresInARow = 0;
        over(heard, false);
        proceed();
    }

    private void over(Reply finished, boolean interrupted) {
        book.over(finished, interrupted, answering);
    }

    /** Whoever's turn it is now. */
    private void proceed() {
        if (goodbye != null || listening.isWaited()) return;
        Reply current = reply;
        boolean mayInterrupt = setting.properties().bargeIn().enabled() && !isProtected(current);
        if (!words.isEmpty()) {
            if (current == null || mayInterrupt) answer();
        } else if (current != null && current.voice().isHeld() && begun) {
            goOn(current);
        }
    }

    private void goOn(Reply held) {
        falseBargeIns++;
        if (setting.properties().bargeIn().resume()) held.resume();
        else cut(held);
    }

    private void answer() {
        if (reply != null) cut(reply);
        answering = words.take();
        history.caller(answering.text());
        setting.stage().said(new Utterance(Speaker.CALLER, answering.text()));
        reply(Purpose.ANSWER).generate();
    }

    private void cut(Reply interrupted) {
        boolean wasHeard = interrupted.firstSoundNanos() != 0;
        interrupted.cut();
        reply = null;
        if (wasHeard) bargeIns++;
        over(interrupted, true);
    }

    private Reply reply(Purpose purpose) {
        Reply fresh = new Reply(setting, stages, history, purpose, new Reply.Manner(desk, tools, ++replies));
        reply = fresh;
        return fresh;
    }

    void offer(List<ToolDescription> others) {
        tools.offer(others);
    }

    /** The caller waits for a tool, and says nothing. */
    void fill(String phrase) {
        if (goodbye == null && reply != null && !listening.isCallerSpeaking()) reply.fill(phrase);
    }

    /** A key on the phone. */
    void pressed(char digit) {
        if (goodbye == null) keys.pressed(digit);
    }

    private void pressed(String all) {
        if (goodbye != null) return;
        initiative.callerIsThere();
        words.add("(The caller pressed these keys on the phone: " + all + ")");
        proceed();
    }

    /** @param told completed when the last sound was handed to the mouth */
    void sayGoodbye(CompletableFuture<Void> told) {
        goodbye = told;
        listening.close();
        stages.after(setting.properties().goodbyeTimeout(), () -> told.complete(null));
        Reply current = reply;
        if (current != null && current.hasWords() && !current.voice().isHeld()) {
            if (current.isComplete()) told.complete(null);
            return;
        }
        if (current != null) cut(current);
        asked(Purpose.GOODBYE, GOODBYE);
    }

    /** The model is told what to say now, and may do nothing else. */
    private void asked(Purpose purpose, String instructions) {
        List<Message> prompt = new ArrayList<>(history.messages());
        prompt.add(Message.of(Role.SYSTEM, instructions));
        reply(purpose).generate(List.of(), prompt);
    }

    /** The caller is gone: the agent's last words count as far as they were heard, but for a goodbye. */
    void hungUp() {
        Reply last = reply;
        reply = null;
        if (last == null) return;
        if (goodbye != null) {
            last.settleAsHeard();
            over(last, false);
        } else if (begun) {
            last.cut();
            over(last, true);
        }
    }

    /** Nobody waits for what is still being worked on. */
    void close() {
        listening.close();
        if (reply != null) reply.close();
    }

    /** The caller waits for an answer that will not come: once or twice they are asked to repeat, then it is over. */
    private void unanswered(String why) {
        failed.accept(new AgentFailure(why, ++failuresInARow > 2));
    }

    /** What is told when it is over. */
    record Sums(int bargeIns, int falseBargeIns, int ignored, long droppedSamples) {}

    Sums sums() {
        return new Sums(bargeIns, falseBargeIns, listening.ignored(), book.droppedSamples());
    }

    /** What the caller does. */
    private final class Ear implements Listening.Listener {
        @Override
        public void callerBegins() {
            setting.hook(backend -> backend.callerSpeaks(setting.brief()));
        }

        @Override
        public void callerSustained() {
            if (reply != null && setting.properties().bargeIn().enabled()) reply.hold();
        }

        @Override
        public void callerStops() {
            setting.hook(backend -> backend.callerStops(setting.brief()));
            proceed();
        }

        @Override
        public void words(String text, Moment when, int voicedMillis) {
            if (goodbye != null) return;
            boolean understood = CallersWords.areIn(text);
            if (understood && !isBackchannel(text)) {
                initiative.callerIsThere();
                words.said(text, when);
            } else if (!understood && reply == null && words.isWorthAskingAgain(voicedMillis)) {
                failed.accept(new AgentFailure("no word was understood of what the caller said", false));
            }
            proceed();
        }

        /** What a listener says so that the other goes on; before it was heard it is none. */
        private boolean isBackchannel(String text) {
            if (reply == null || !reply.hasWords() || !words.isEmpty()) return false;
            return CallersWords.count(text) < setting.properties().bargeIn().words();
        }

        @Override
        public void unheard(String why) {
            if (goodbye != null) return;
            boolean goesOn = reply != null && reply.voice().isHeld();
            proceed();
            if (!goesOn) unanswered(why);
        }

        @Override
        public boolean agentHasTheFloor() {
            return reply != null;
        }
    }

    /** What the agent may do without being asked. */
    private final class Floor implements Initiative.Floor {
        private final Consumer<Leaving> leave;

        private Floor(Consumer<Leaving> leave) {
            this.leave = leave;
        }

        @Override
        public void leave(Leaving why) {
            leave.accept(why);
        }

        @Override
        public long nanoTime() {
            return stages.nanoTime();
        }

        @Override
        public boolean isPause() {
            boolean answered = reply == null && words.isEmpty() && !keys.isOpen();
            return answered && !listening.isWaited() && !listening.isCallerSpeaking();
        }

        @Override
        public void remark(String instructions) {
            asked(Purpose.REMARK, instructions);
        }
    }

    /** What becomes of a reply. */
    private final class Desk implements Reply.Desk {
        private boolean saidFixedGoodbye;

        @Override
        public void firstSound(Reply spoken) {
            if (spoken.purpose() == Purpose.GREETING) whenReady.run();
        }

        @Override
        public void complete(Reply spoken) {
            if (goodbye != null && spoken == reply) goodbye.complete(null);
        }

        @Override
        public void failed(Reply broken, String why) {
            if (broken != reply) return;
            switch (broken.purpose()) {
                case GREETING -> greetingFailed(broken, why);
                case GOODBYE -> goodbyeFailed(broken);
                case REMARK -> remarkFailed(broken, why);
                default -> {
                    cut(broken);
                    if (goodbye != null) goodbye.complete(null);
                    else unanswered(why);
                }
            }
        }

        private void greetingFailed(Reply broken, String why) {
            if (greetedAgain) {
                failed.accept(new AgentFailure(why, true));
                return;
            }
            greetedAgain = true;
            log.info(
                    "greeting tried again call={} reason=\"{}\"",
                    setting.brief().callId(),
                    why);
            cut(broken);
            prepare(whenReady);
            if (begun) greet();
        }

        /** Nobody waited for it. */
        private void remarkFailed(Reply broken, String why) {
            log.info("call={} a remark failed: {}", setting.brief().callId(), why);
            cut(broken);
            if (goodbye != null) goodbye.complete(null);
        }

        private void goodbyeFailed(Reply broken) {
            boolean model = broken.firstTextNanos() == 0 && !broken.isComplete();
            broken.close();
            reply = null;
            if (model && !saidFixedGoodbye) {
                saidFixedGoodbye = true;
                reply(Purpose.GOODBYE).say(setting.properties().goodbye());
            } else if (goodbye != null) {
                goodbye.complete(null);
            }
        }

        @Override
        public boolean isEnding() {
            return goodbye != null;
        }
    }
}
