package io.firefly.voip.media.rtp;

import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.sdp.LocalAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RTP and RTCP in this process: sockets, loops and the one thread that tells listeners what was heard. Any thread. */
final class RtpMediaEngine implements MediaEngine, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RtpMediaEngine.class);
    private static final int MAX_WAITING_NEWS = 4_096;
    private static final int DISCARD_PORT = 9;

    private final RtpProperties settings;
    private final PortPool ports;
    private final List<MediaLoop> loops = new ArrayList<>();
    private final Set<RtpMediaSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicLong newsDropped = new AtomicLong();
    private final ThreadPoolExecutor news;

    RtpMediaEngine(RtpProperties settings) {
        this.settings = settings;
        ports = new PortPool(settings, System::nanoTime);
        for (int i = 0; i < settings.loops(); i++) loops.add(new MediaLoop(i));
        news = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING_NEWS), RtpMediaEngine::daemon);
        news.setRejectedExecutionHandler((task, executor) -> newsDropped.incrementAndGet());
        log.debug(
                "embedded media bind={} ports={}-{} loops={} codecs={}",
                settings.bind().getHostAddress(),
                settings.firstPort(),
                settings.lastPort(),
                loops.size(),
                settings.codecs());
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "media-news");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public MediaSession open(CallId id) {
        return open(id, null);
    }

    @Override
    public MediaSession open(CallId id, @Nullable InetAddress peer) {
        RtpMediaSession session = new RtpMediaSession(id, this, ports.lease(), peer);
        sessions.add(session);
        return session;
    }

    @Override
    public int openSessions() {
        return sessions.size();
    }

    int leasedPorts() {
        return ports.leased();
    }

    RtpProperties settings() {
        return settings;
    }

    MediaLoop leastLoadedLoop() {
        return loops.stream().min(Comparator.comparingInt(MediaLoop::load)).orElseThrow();
    }

    /** Runs soon on a thread that may wait; never blocks the media thread that asks for it. */
    void tell(Runnable task) {
        news.execute(task);
    }

    void closed(RtpMediaSession session) {
        sessions.remove(session);
    }

    /**
     * The advertised address, else the bound one, else the one of ours that leads to the other side.
     *
     * @param peer the other side as long as no description of it is there
     */
    LocalAddress localAddress(@Nullable InetAddress peer) {
        InetAddress advertised = settings.advertise();
        if (advertised != null) return remote -> advertised;
        if (!settings.bind().isAnyLocalAddress()) return remote -> settings.bind();
        return remote -> routeTowards(remote == null ? peer : remote);
    }

    /** Connecting a UDP socket sends nothing, it only asks the kernel for a route. */
    private InetAddress routeTowards(@Nullable InetAddress remote) {
        boolean ipv4 = settings.bind() instanceof Inet4Address || remote instanceof Inet4Address || remote == null;
        InetAddress anywhere = remote == null || (ipv4 && !(remote instanceof Inet4Address)) ? example() : remote;
        try (DatagramChannel probe =
                DatagramChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
            probe.connect(new InetSocketAddress(anywhere, DISCARD_PORT));
            return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
        } catch (IOException e) {
            log.debug("no route, offering loopback", e);
            return InetAddress.getLoopbackAddress();
        }
    }

    /** RFC 5737: an address that leads to the default route. */
    private static InetAddress example() {
        return new InetSocketAddress("192.0.2.1", DISCARD_PORT).getAddress();
    }

    /** Ends the calls that are left, then the threads. */
    @Override
    public void close() {
        for (RtpMediaSession session : List.copyOf(sessions)) session.close();
        loops.forEach(MediaLoop::close);
        news.shutdown();
        if (newsDropped.get() > 0) log.warn("news dropped={}", newsDropped.get());
    }
}
