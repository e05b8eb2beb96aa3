package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import io.firefly.voip.camel.freeswitch.esl.SwitchCause;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel. What its listener hears is told on the channel's worker, where its events come in, too. */
final class EslChannel implements SwitchChannel {
    private static final Logger LOG = LoggerFactory.getLogger(EslChannel.class);
    private static final int MAX_BACKLOG = 200;
    private static final int SAMPLES_PER_MILLI = 8;

    private final EslEvent met;
    private final SwitchNode node;
    private final ChannelLink link;
    private final EslWorkers workers;
    private final Deque<Consumer<Listener>> backlog = new ArrayDeque<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private @Nullable Listener listener;
    private volatile @Nullable HangupCause wanted;
    private volatile boolean queues;
    private volatile boolean over;

    /** @param met the event, or the data, by which we met it */
    EslChannel(EslEvent met, SwitchNode node, ChannelLink link, EslWorkers workers) {
        this.met = met;
        this.node = node;
        this.link = link;
        this.workers = workers;
    }

    @Override
    public String uuid() {
        return met.uuid();
    }

    @Override
    public SwitchNode node() {
        return node;
    }

    @Override
    public @Nullable String variable(String name) {
        String value = met.value("variable_" + name);
        // Not a variable of every event, but a header of them all.
        return value == null && name.equals("read_codec") ? met.value("Channel-Read-Codec-Name") : value;
    }

    EslEvent met() {
        return met;
    }

    @Override
    public void listen(Listener hears) {
        workers.execute(uuid(), () -> {
            listener = hears;
            for (Consumer<Listener> news = backlog.poll(); news != null; news = backlog.poll()) news.accept(hears);
        });
    }

    @Override
    public CompletionStage<String> execute(String application, String argument) {
        return over ? goneBefore(application) : link.execute(uuid(), application, argument);
    }

    @Override
    public CompletionStage<String> queue(String application, String argument) {
        if (over || wanted != null) return goneBefore(application);
        queues = true;
        return link.queue(uuid(), application, argument);
    }

    @Override
    public void dropQueued() {
        if (over || wanted != null) return;
        var unused = link.api("uuid_break", uuid() + " all").whenComplete((done, failure) -> {
            if (failure != null) LOG.debug("uuid_break on channel {}: {}", uuid(), failure.getMessage());
        });
    }

    @Override
    public CompletionStage<String> api(String command, String arguments) {
        return over ? goneBefore(command) : link.api(command, arguments);
    }

    private CompletionStage<String> goneBefore(String what) {
        return CompletableFuture.failedFuture(new EventSocketException(what + ": channel " + uuid() + " is gone"));
    }

    @Override
    public void hangUp(HangupCause cause) {
        if (over || wanted != null) return;
        wanted = cause;
        if (queues) kill(cause);
        else link.hangUp(uuid(), cause);
    }

    /** A hang-up in the channel's queue would wait behind sound, on hold for ever, and be dropped with it. */
    private void kill(HangupCause cause) {
        var unused = link.api("uuid_kill", uuid() + " " + SwitchCause.of(cause)).whenComplete((done, failure) -> {
            if (failure != null) link.hangUp(uuid(), cause);
        });
    }

    /** Why we want it to end; null when we do not. */
    @Nullable
    HangupCause wanted() {
        return wanted;
    }

    boolean isOver() {
        return over;
    }

    /** On the channel's worker. */
    void happened(EslEvent event) {
        if (over) return;
        switch (event.name()) {
            case "DTMF" -> {
                String digit = event.text("DTMF-Digit");
                int millis = event.number("DTMF-Duration") / SAMPLES_PER_MILLI;
                if (!digit.isEmpty()) tell(hears -> hears.dtmf(digit.charAt(0), millis));
            }
            case "CHANNEL_BRIDGE" -> tell(hears -> hears.bridged(otherOf(event)));
            case "CHANNEL_UNBRIDGE" -> tell(Listener::unbridged);
            case "CUSTOM" -> tell(hears -> hears.custom(event.subclass(), event.body()));
            case "CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY" -> hungUp(event.text("Hangup-Cause"));
            default -> {
                // Of interest to others.
            }
        }
    }

    private String otherOf(EslEvent event) {
        String a = event.text("Bridge-A-Unique-ID");
        String b = event.text("Bridge-B-Unique-ID");
        if (a.isEmpty() && b.isEmpty()) return event.text("Other-Leg-Unique-ID");
        return a.equals(uuid()) ? b : a;
    }

    private void hungUp(String switchCause) {
        HangupCause cause = SwitchCause.toHangupCause(switchCause);
        last(hears -> hears.hungUp(cause, switchCause));
    }

    /** On the channel's worker. */
    void lost(String why) {
        last(hears -> hears.lost(why));
    }

    private void last(Consumer<Listener> word) {
        if (over) return;
        over = true;
        tell(word);
        List<Runnable> tasks;
        synchronized (afterwards) {
            tasks = List.copyOf(afterwards);
            afterwards.clear();
        }
        tasks.forEach(Runnable::run);
    }

    /** Runs after the listener heard the last word; now, when it has. */
    void afterwards(Runnable task) {
        synchronized (afterwards) {
            if (!over) {
                afterwards.add(task);
                return;
            }
        }
        task.run();
    }

    private void tell(Consumer<Listener> news) {
        Listener hears = listener;
        if (hears != null) news.accept(hears);
        else if (over || backlog.size() < MAX_BACKLOG) backlog.add(news); // the last word always
    }
}
