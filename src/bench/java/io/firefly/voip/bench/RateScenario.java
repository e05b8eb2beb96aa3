package io.firefly.voip.bench;

import io.firefly.voip.bench.Bench.Rig;
import io.firefly.voip.bench.MeasuredProcess.Usage;
import io.firefly.voip.bench.SipCaller.Answer;
import io.firefly.voip.bench.SipCaller.Call;
import io.firefly.voip.sip.digest.ClientDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** S3 and S4: calls and registrations that begin at a fixed rate, whatever becomes of the ones before. */
final class RateScenario {
    /** A quiet exchange, whose every thread sleeps between two calls, and busy ones; above 270 the RTP ports rest too short. */
    private static final List<Integer> CALLS_PER_SECOND = List.of(20, 100, 200);

    private static final List<Integer> REGISTRATIONS_PER_SECOND = List.of(250, 2000);
    private static final long HOLD_MILLIS = 200;
    private static final int WARM_UP_PER_SECOND = 100;
    private static final int PATIENCE_SECONDS = 3;

    private RateScenario() {}

    /** Begins the one with this number; completes with the nanoseconds it took, or negative when it failed. */
    private interface Unit {
        CompletableFuture<Long> begin(SipCaller caller, Server server, int number);
    }

    /** @param echoUser whom to call there */
    private record Server(MeasuredProcess process, int port, String echoUser) {
        static Server of(Firefly firefly) {
            return new Server(firefly.process(), firefly.sipPort(), "echo");
        }

        static Server of(ReferencePeer peer) {
            return new Server(peer.process(), peer.port(), peer.echoUser());
        }
    }

    private record Load(Unit unit, int perSecond, int seconds) {}

    /** What one side did in all its rounds. */
    private static final class Result {
        final Samples nanos = new Samples();
        Usage usage = Usage.NONE;
        Usage idle = Usage.NONE;
        int begun;
        int failed;

        double grossMillisEach() {
            return begun == 0 ? Double.NaN : 1_000 * usage.cpuSeconds() / begun;
        }

        double compilerMillisEach() {
            return begun == 0 ? Double.NaN : 1_000 * usage.compilerSeconds() / begun;
        }

        /** Without the compilers, and without what the process uses while nothing is asked of it. */
        double netMillisEach() {
            double idleCores = idle.seconds() == 0 ? 0 : (idle.cpuSeconds() - idle.compilerSeconds()) / idle.seconds();
            double work = usage.cpuSeconds() - usage.compilerSeconds() - idleCores * usage.seconds();
            return begun == 0 ? Double.NaN : 1_000 * Math.max(0, work) / begun;
        }
    }

    /** S3: INVITE to 200, 200 ms of call, BYE. */
    static void calls(Rig rig) throws IOException, InterruptedException {
        for (int perSecond : CALLS_PER_SECOND) calls(rig, perSecond);
    }

    private static void calls(Rig rig, int perSecond) throws IOException, InterruptedException {
        Load load = new Load(RateScenario::call, perSecond, rig.options().seconds());
        Result own = new Result();
        Result peer = new Result();
        String reference;
        try (ReferencePeer answerer = answerer(rig)) {
            reference = answerer == null ? "" : answerer.name();
            rounds(rig, load, own, answerer, peer);
        }
        Report report = rig.report();
        report.section("S3 calls to echo, %d a second".formatted(perSecond), reference);
        report.percentiles("INVITE to 200 p50 / p95 / p99, ms", own.nanos, peer.nanos, 50, 95, 99);
        print(report, "call, INVITE to BYE", own, peer);
        String at = ", %d a second".formatted(perSecond);
        report.target("S3 INVITE to 200 p95" + at, own.nanos.millis(95), perSecond <= 20 ? 30 : 100, "ms");
        report.target("S3 CPU per call, net of idle and JIT" + at, own.netMillisEach(), 1, "ms");
    }

    private static @Nullable ReferencePeer answerer(Rig rig) throws IOException, InterruptedException {
        Integer freeSwitch = rig.options().freeSwitchPort();
        return freeSwitch == null ? SippPeer.forCalls(rig.folder(), rig.report()) : FreeSwitchPeer.at(freeSwitch);
    }

    /** S4: REGISTER, 401, REGISTER with digest, 200; 1000 users in turn. */
    static void registrations(Rig rig) throws IOException, InterruptedException {
        for (int perSecond : REGISTRATIONS_PER_SECOND) registrations(rig, perSecond);
    }

    private static void registrations(Rig rig, int perSecond) throws IOException, InterruptedException {
        Load load = new Load(RateScenario::register, perSecond, rig.options().seconds());
        Result own = new Result();
        Result peer = new Result();
        try (SippPeer sipp = SippPeer.forRegistrations(rig.folder(), rig.report())) {
            rounds(rig, load, own, sipp, peer);
        }
        Report report = rig.report();
        report.section("S4 REGISTER with digest, %d a second".formatted(perSecond), "sipp, unchecked");
        report.percentiles("REGISTER to 200 p50 / p95 / p99, ms", own.nanos, peer.nanos, 50, 95, 99);
        print(report, "REGISTER (401 and 200)", own, peer);
        String at = ", %d a second".formatted(perSecond);
        double each = 1_000 * own.netMillisEach();
        report.target("S4 CPU per authenticated REGISTER, net of idle and JIT" + at, each, 300, "us");
    }

    private static void rounds(Rig rig, Load load, Result own, @Nullable ReferencePeer reference, Result peer)
            throws IOException, InterruptedException {
        Firefly firefly = rig.firefly();
        // A compiler that is still at work would be billed to each unit.
        Load warmUp = new Load(load.unit, Math.max(load.perSecond, WARM_UP_PER_SECOND), rig.options().warmUpSeconds());
        round(Server.of(firefly), warmUp, new Result());
        for (int round = 0; round < rig.options().rounds(); round++) {
            boolean peerFirst = round % 2 == 1;
            if (peerFirst && reference != null) round(Server.of(reference), load, peer);
            round(Server.of(firefly), load, own);
            if (!peerFirst && reference != null) round(Server.of(reference), load, peer);
        }
    }

    private static void round(Server server, Load load, Result result)
            throws IOException, InterruptedException {
        try (SipCaller caller = new SipCaller(server.port)) {
            MeasuredProcess.Window rest = server.process.open();
            TimeUnit.SECONDS.sleep(3);
            result.idle = result.idle.plus(rest.close());
            MeasuredProcess.Window window = server.process.open();
            List<CompletableFuture<Long>> begun = begin(caller, server, load);
            TimeUnit.SECONDS.sleep(1);
            result.usage = result.usage.plus(window.close());
            TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
            result.begun += begun.size();
            for (CompletableFuture<Long> unit : begun) {
                long nanos = unit.getNow(-1L);
                if (nanos < 0) result.failed++;
                else result.nanos.add(nanos);
            }
        }
    }

    private static List<CompletableFuture<Long>> begin(SipCaller caller, Server server, Load load) {
        List<CompletableFuture<Long>> begun = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < load.perSecond * load.seconds; i++) {
            long due = start + i * (1_000_000_000L / load.perSecond);
            while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
            begun.add(load.unit.begin(caller, server, i));
        }
        return begun;
    }

    /** Done when the BYE was answered; the time is that of the INVITE. */
    private static CompletableFuture<Long> call(SipCaller caller, Server server, int number) {
        Call call = caller.invite(server.echoUser, 40_000);
        return call.answered().thenCompose(answer -> {
            if (!answer.isSuccess()) return CompletableFuture.completedFuture(-1L);
            return CompletableFuture.runAsync(
                            () -> {}, CompletableFuture.delayedExecutor(HOLD_MILLIS, TimeUnit.MILLISECONDS))
                    .thenCompose(held -> call.bye())
                    .thenApply(bye -> bye.isSuccess() ? answer.nanos() : -1L);
        });
    }

    private static CompletableFuture<Long> register(SipCaller caller, Server server, int number) {
        String user = "bench" + number % Firefly.USERS;
        String callId = "reg" + number + "-" + System.nanoTime();
        String uri = "sip:127.0.0.1";
        String headers = "From: <sip:" + user + "@127.0.0.1>;tag=" + callId + "\r\nTo: <sip:" + user
                + "@127.0.0.1>\r\nContact: <sip:" + user + "@127.0.0.1:" + caller.port() + ">\r\nExpires: 3600\r\n";
        return caller.request("REGISTER", uri, callId, 1, headers).thenCompose(challenged -> {
            if (challenged.status() != 401) return CompletableFuture.completedFuture(-1L);
            String credentials = ClientDigest.authorization(
                    challenged.header("WWW-Authenticate"), "REGISTER", uri, user, Firefly.PASSWORD);
            return caller.request("REGISTER", uri, callId, 2, headers + "Authorization: " + credentials + "\r\n")
                    .thenApply(accepted -> total(challenged, accepted));
        });
    }

    private static long total(Answer challenged, Answer accepted) {
        return accepted.isSuccess() ? challenged.nanos() + accepted.nanos() : -1;
    }

    private static void print(Report report, String unit, Result own, Result peer) {
        report.row("begun / failed", own.begun + " / " + own.failed, peer.begun + " / " + peer.failed);
        report.row("CPU per " + unit + ", ms", own.grossMillisEach(), peer.grossMillisEach());
        report.row("  of which JIT compilers, ms", own.compilerMillisEach(), peer.compilerMillisEach());
        report.row("  the rest, net of what it uses when idle, ms", own.netMillisEach(), peer.netMillisEach());
        report.foreign(own.usage.foreignCores(), peer.usage.foreignCores());
    }
}
