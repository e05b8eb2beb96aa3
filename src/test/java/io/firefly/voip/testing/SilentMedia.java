package io.firefly.voip.testing;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.Negotiated;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A media engine without a network, whose clock is moved by the test: {@link #tick}. */
public final class SilentMedia implements MediaEngine {
    public final AtomicInteger open = new AtomicInteger();
    public volatile @Nullable Session last;
    public volatile boolean full;

    @Override
    public MediaSession open(CallId id) {
        if (full) throw new MediaUnavailableException("no port left");
        open.incrementAndGet();
        Session session = new Session();
        last = session;
        return session;
    }

    @Override
    public int openSessions() {
        return open.get();
    }

    /** One frame each way of the last session, as the media thread would do it; returns what the caller hears. */
    public short[] tick(short[] fromCaller) {
        Session session = last;
        if (session == null) throw new IllegalStateException("no session is open");
        return tick(session, fromCaller);
    }

    /** The same for any session. */
    public short[] tick(Session session, short[] fromCaller) {
        short[] heard = new short[160];
        session.fromCaller.write(fromCaller, fromCaller.length);
        session.toCaller.read(heard, heard.length);
        return heard;
    }

    public final class Session implements MediaSession {
        public volatile @Nullable MediaListener listener;
        private volatile AudioSink fromCaller = AudioSink.NOWHERE;
        private volatile AudioSource toCaller = AudioSource.SILENCE;
        private boolean closed;

        @Override
        public CompletionStage<Negotiated> answer(String sdpOffer) {
            return CompletableFuture.completedFuture(
                    sdpOffer.contains("video only")
                            ? new Negotiated.Refused(HangupCause.NO_COMMON_CODEC, "no audio in the offer")
                            : new Negotiated.Agreed("answer to " + sdpOffer, "PCMA", !sdpOffer.equals("hold")));
        }

        @Override
        public CompletionStage<String> offer() {
            return CompletableFuture.completedFuture("our offer");
        }

        @Override
        public CompletionStage<Negotiated> accept(String sdpAnswer) {
            return answer(sdpAnswer);
        }

        @Override
        public void start(MediaListener heardBy) {
            listener = heardBy;
        }

        @Override
        public void connect(AudioSink sink, AudioSource source) {
            fromCaller = sink;
            toCaller = source;
        }

        @Override
        public AudioFormat format() {
            return AudioFormat.NARROWBAND;
        }

        @Override
        public void sendDtmf(String digits) {}

        @Override
        public MediaStatistics statistics() {
            return new MediaStatistics("PCMA", 0, 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public synchronized void close() {
            if (closed) return;
            closed = true;
            open.decrementAndGet();
        }
    }
}
