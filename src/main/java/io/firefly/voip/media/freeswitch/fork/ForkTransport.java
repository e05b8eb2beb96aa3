package io.firefly.voip.media.freeswitch.fork;

import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.freeswitch.AudioTransport;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sound by mod_audio_fork; a socket per call, which FreeSWITCH dials. Any thread. Closing it ends them all. */
public final class ForkTransport implements AudioTransport, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ForkTransport.class);

    private final ForkProperties settings;
    private final ForkDoor door;
    private final ForkClock clock = new ForkClock();
    private final Set<ForkAudio> calls = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor news;
    private final AtomicBoolean told = new AtomicBoolean();

    public ForkTransport(ForkProperties settings, ForkDoor door) {
        this.settings = settings;
        this.door = door;
        this.news = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fork-news");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public ChannelAudio open(CallId call, SwitchNode node) {
        if (calls.size() >= settings.maxCalls())
            throw new MediaUnavailableException("all " + settings.maxCalls() + " audio sockets are in use");
        ForkAudio audio = new ForkAudio(call, this);
        calls.add(audio);
        return audio;
    }

    ForkProperties settings() {
        return settings;
    }

    ForkDoor door() {
        return door;
    }

    ForkClock clock() {
        return clock;
    }

    /** Says it once. */
    void toldOfFiles() {
        if (told.getAndSet(true)) return;
        log.info(
                "this mod_audio_fork takes no sound by socket (drachtio's build): FreeSWITCH plays files, and what is said is"
                        + " heard {} ms later; jambonz's build, or firefly.freeswitch.audio=rtp, is quicker",
                SpokenFiles.DELAY.toMillis());
    }

    void closed(ForkAudio audio) {
        calls.remove(audio);
    }

    /** Runs on {@code fork-news}; never after {@link #close}. */
    void later(long delayMillis, Runnable task) {
        if (news.isShutdown()) return;
        Future<?> unused = news.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    }

    /** Calls that have a socket or wait for one. */
    public int openCalls() {
        return calls.size();
    }

    @Override
    public void close() {
        calls.forEach(ForkAudio::close);
        clock.close();
        news.shutdown();
    }
}
