package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.freeswitch.AudioTransport;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A way of sound that does what the test says. */
final class FakeAudio implements ChannelAudio {
    final SwitchNode node;
    final CompletableFuture<AudioFormat> prepared = new CompletableFuture<>();
    final CompletableFuture<String> attached = new CompletableFuture<>();
    volatile String preferred = "";
    volatile @Nullable SwitchChannel caller;
    volatile @Nullable Runnable whenLost;
    volatile boolean closed;

    /** Ways that are prepared at once. */
    static final class Transport implements AudioTransport {
        final List<FakeAudio> opened = new CopyOnWriteArrayList<>();
        volatile boolean slow;

        @Override
        public ChannelAudio open(CallId call, SwitchNode node) {
            FakeAudio audio = new FakeAudio(node);
            if (!slow) audio.prepared.complete(AudioFormat.NARROWBAND);
            opened.add(audio);
            return audio;
        }

        long open() {
            return opened.stream().filter(audio -> !audio.closed).count();
        }
    }

    private FakeAudio(SwitchNode node) {
        this.node = node;
    }

    @Override
    public CompletionStage<AudioFormat> prepare() {
        return prepared;
    }

    @Override
    public CompletionStage<AudioFormat> prepare(String callerCodec) {
        preferred = callerCodec;
        return prepared;
    }

    @Override
    public CompletionStage<?> attach(SwitchChannel channel) {
        caller = channel;
        return attached;
    }

    @Override
    public void start(Runnable newWhenLost) {
        whenLost = newWhenLost;
    }

    @Override
    public void connect(AudioSink fromCaller, AudioSource toCaller) {}

    @Override
    public boolean hearOnArrival(AudioSink ears) {
        return false;
    }

    @Override
    public void discardUnheard() {}

    @Override
    public MediaStatistics statistics() {
        return new MediaStatistics("L16", 1, 2, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** This way of sound breaks. */
    void breaks() {
        Runnable heard = whenLost;
        if (heard == null) throw new IllegalStateException("not started");
        heard.run();
    }
}
