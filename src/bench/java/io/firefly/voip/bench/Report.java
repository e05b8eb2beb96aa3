package io.firefly.voip.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The table, printed as it comes, and the verdicts, printed again at the end. */
final class Report {
    private static final String ROW = "  %-44s %22s %22s %10s%n";

    /** Above it latencies say more about the machine than about us. */
    private static final double BUSY_CORES = 0.25;

    private final PrintStream out;
    private final List<String> verdicts = new ArrayList<>();
    private double foreignCores;

    Report(PrintStream out) {
        this.out = out;
    }

    void section(String title, String peer) {
        out.println();
        out.printf(ROW, title, "firefly", peer, "ratio");
    }

    void row(String what, String own, String peer) {
        out.printf(ROW, what, own, peer, "");
    }

    void row(String what, String own) {
        row(what, own, "");
    }

    /** A row with how many times the peer's value ours is; the peer is NaN when there was none. */
    void row(String what, double own, double peer) {
        String ratio = Double.isNaN(peer) || peer == 0 ? "-" : "%.2f".formatted(own / peer);
        out.printf(ROW, what, number(own), number(peer), ratio);
    }

    void percentiles(String what, Samples own, Samples peer, double... percentiles) {
        String ratio = own.isEmpty() || peer.isEmpty() || peer.millis(50) == 0
                ? "-"
                : "%.2f".formatted(own.millis(50) / peer.millis(50));
        out.printf(ROW, what, own.text(percentiles), peer.isEmpty() ? "-" : peer.text(percentiles), ratio);
    }

    void note(String sentence) {
        out.println("  " + sentence);
    }

    /** What others used of the machine while the values of the next verdicts were taken; they say so when it was much. */
    void foreign(double cores) {
        foreignCores = cores;
        row("foreign CPU, cores", number(cores));
    }

    void foreign(double cores, double peersCores) {
        foreignCores = cores;
        row("foreign CPU, cores", number(cores), number(peersCores));
    }

    /** One line of verdict: not more than the limit is what we want. */
    void target(String what, double value, double limit, String unit) {
        String verdict = Double.isNaN(value) ? "NOT MEASURED" : value <= limit ? "OK" : "MISSED";
        String line = "target %s <= %s %s: %s %s %s".formatted(what, number(limit), unit, number(value), unit, verdict);
        if (foreignCores > BUSY_CORES) line += " (machine busy: foreign CPU %.2f cores)".formatted(foreignCores);
        verdicts.add(line);
        out.println("  " + line);
    }

    void summary() {
        out.println();
        out.println("Verdicts");
        verdicts.forEach(line -> out.println("  " + line));
    }

    private static String number(double value) {
        if (Double.isNaN(value)) return "-";
        if (value == Math.rint(value) && Math.abs(value) < 1e6) return "%d".formatted((long) value);
        return Math.abs(value) < 1 ? "%.3f".formatted(value) : "%.2f".formatted(value);
    }
}
