package io.firefly.voip.bench;

import io.firefly.voip.bench.Bench.Rig;
import io.firefly.voip.bench.MeasuredProcess.Usage;
import io.firefly.voip.bench.RtpLoad.Heard;
import io.firefly.voip.bench.RtpLoad.Line;
import io.firefly.voip.bench.RtpLoad.Voice;
import io.firefly.voip.bench.SipCaller.Answer;
import io.firefly.voip.bench.SipCaller.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** S1: many callers hear themselves. */
final class EchoScenario {
    private static final int SETUP_GAP_MILLIS = 20;

    private EchoScenario() {}

    /**
     * How much of it.
     *
     * @param settleSeconds after the last answer, before anything is measured
     */
    record Load(String user, int calls, int seconds, int settleSeconds, Voice voice) {}

    /** What one side did in all its rounds. */
    static final class Result {
        final Heard heard = new Heard();
        Usage usage = Usage.NONE;
        double callMinutes;
        int refused;
        long endedByServer;
        int byesUnanswered;
        double liveHeap = Double.NaN;

        double cpuPerCallMinute() {
            return callMinutes == 0 ? Double.NaN : usage.cpuSeconds() / callMinutes;
        }
    }

    /** Somebody who looks on while all calls are up. */
    interface Watch {
        default void begins() {}

        /** Measuring is over, the calls are still there. */
        void ends(Result result) throws IOException;
    }

    static void run(Rig rig) throws IOException, InterruptedException {
        for (int calls : rig.options().quick() ? new int[] {20} : new int[] {100, 200}) {
            run(rig, calls);
        }
    }

    private static void run(Rig rig, int calls) throws IOException, InterruptedException {
        Firefly firefly = rig.firefly();
        Load load = new Load("echo", calls, rig.options().seconds(), 3, Voice.ALWAYS);
        Result own = new Result();
        Result peer = new Result();
        long droppedBefore = UdpDrops.now();
        try (SippPeer sipp = SippPeer.forCalls(rig.folder(), rig.report())) {
            for (int round = 0; round < rig.options().rounds(); round++) {
                boolean peerFirst = round % 2 == 1;
                if (peerFirst && sipp != null) round(sipp.process(), sipp.port(), load, peer, result -> {});
                round(firefly.process(), firefly.sipPort(), load, own, result -> {
                    result.liveHeap = firefly.liveHeapMegabytes();
                });
                if (!peerFirst && sipp != null) round(sipp.process(), sipp.port(), load, peer, result -> {});
            }
        }
        print(rig, load, own, peer);
        rig.report().row("UDP packets the host dropped, all sockets", "" + (UdpDrops.now() - droppedBefore));
        verdicts(rig.report(), calls, own);
    }

    /** Packets that found a full receive buffer on this host, in /proc/net/snmp. */
    private static final class UdpDrops {
        private UdpDrops() {}

        static long now() throws IOException {
            String[] udp = Files.readAllLines(Path.of("/proc/net/snmp")).stream()
                    .filter(line -> line.matches("Udp: \\d.*"))
                    .findFirst()
                    .orElse("Udp: 0 0 0 0 0 0")
                    .split(" ", -1);
            return Long.parseLong(udp[5]);
        }
    }

    /** Sets up all calls, measures, ends them; adds to the result. */
    static void round(MeasuredProcess process, int sipPort, Load load, Result result, Watch watch)
            throws IOException, InterruptedException {
        try (SipCaller caller = new SipCaller(sipPort);
                RtpLoad sound = new RtpLoad(load.calls, load.voice)) {
            List<Call> up = setUp(caller, sound, load, result);
            TimeUnit.SECONDS.sleep(load.settleSeconds);
            sound.measure(true);
            watch.begins();
            MeasuredProcess.Window window = process.open();
            TimeUnit.SECONDS.sleep(load.seconds);
            Usage usage = window.close();
            sound.measure(false);
            result.endedByServer += caller.endedByServer();
            result.usage = result.usage.plus(usage);
            result.callMinutes += (up.size() - caller.endedByServer()) * usage.seconds() / 60;
            watch.ends(result);
            sound.lines().forEach(Line::hush);
            result.byesUnanswered += hangUp(up);
            sound.close();
            result.heard.add(sound.heard());
        }
    }

    private static List<Call> setUp(SipCaller caller, RtpLoad sound, Load load, Result result)
            throws IOException, InterruptedException {
        List<Call> begun = new ArrayList<>();
        for (Line line : sound.lines()) {
            begun.add(caller.invite(load.user, line.port()));
            TimeUnit.MILLISECONDS.sleep(SETUP_GAP_MILLIS);
        }
        List<Call> up = new ArrayList<>();
        for (int i = 0; i < begun.size(); i++) {
            try {
                Answer answer = begun.get(i).answered().get(20, TimeUnit.SECONDS);
                if (answer.isSuccess()) {
                    sound.lines().get(i).talkTo(Call.mediaPort(answer));
                    up.add(begun.get(i));
                } else {
                    result.refused++;
                }
            } catch (ExecutionException | TimeoutException silent) {
                result.refused++;
            }
        }
        return up;
    }

    /** How many BYEs nobody answered. */
    private static int hangUp(List<Call> up) throws InterruptedException {
        List<CompletableFuture<Answer>> ended = new ArrayList<>();
        for (Call call : up) {
            ended.add(call.bye());
            TimeUnit.MILLISECONDS.sleep(2);
        }
        TimeUnit.SECONDS.sleep(2);
        return (int) ended.stream().filter(bye -> !bye.isDone()).count();
    }

    private static void print(Rig rig, Load load, Result own, Result peer) {
        Report report = rig.report();
        report.section(
                "S1 echo, %d calls, %d x %d s".formatted(load.calls, rig.options().rounds(), load.seconds),
                "sipp -rtp_echo");
        report.percentiles("echo delay p50 / p95 / p99, ms", own.heard.delay, peer.heard.delay, 50, 95, 99);
        report.percentiles("gap of sent packets p50 / p99 / p99.9, ms", own.heard.gap, peer.heard.gap, 50, 99, 99.9);
        report.percentiles("RFC 3550 jitter p50 / worst call, ms", own.heard.jitter, peer.heard.jitter, 50, 100);
        report.row("packets lost on the way back", loss(own.heard), loss(peer.heard));
        report.row("frames sent / not back / without stamp", stamps(own.heard), stamps(peer.heard));
        report.row("calls refused / ended / BYEs unanswered", ends(own), ends(peer));
        report.row("CPU-s per call-minute", own.cpuPerCallMinute(), peer.cpuPerCallMinute());
        report.row("CPU, cores", cores(own.usage), cores(peer.usage));
        report.foreign(own.usage.foreignCores(), peer.usage.foreignCores());
        report.row("the bench sent late p50 / p99, ms", own.heard.lateness.text(50, 99), peer.heard.lateness.text(50, 99));
        report.row("live heap with all calls up, MB", own.liveHeap, Double.NaN);
    }

    static double cores(Usage usage) {
        return usage.seconds() == 0 ? Double.NaN : usage.cpuSeconds() / usage.seconds();
    }

    private static String loss(Heard heard) {
        return heard.lost() + " of " + heard.expected;
    }

    private static String stamps(Heard heard) {
        return heard.sent + " / " + heard.missing() + " / " + heard.withoutStamp;
    }

    private static String ends(Result result) {
        return result.refused + " / " + result.endedByServer + " / " + result.byesUnanswered;
    }

    private static void verdicts(Report report, int calls, Result own) {
        String who = "S1 " + calls + " calls: ";
        report.target(who + "echo delay p50", own.heard.delay.millis(50), 40, "ms");
        report.target(who + "sent packet gap p99", own.heard.gap.millis(99), 21, "ms");
        report.target(who + "CPU-s per call-minute", own.cpuPerCallMinute(), 0.12, "s");
        report.target(who + "packets lost by us", (double) own.heard.lost(), 0, "packets");
        report.target(who + "live heap", own.liveHeap, 256, "MB");
    }
}
