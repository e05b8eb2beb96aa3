package io.firefly.voip.phone;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The result for people, a line per question an engineer asks. */
final class ReportText {
    private final StringBuilder text = new StringBuilder();

    private ReportText() {}

    static String of(CallReport report) {
        ReportText text = new ReportText();
        if (report.setupMillis() != null) text.conversation(report);
        text.line("verdict", (report.outcome() == Outcome.OK ? "OK: " : "FAILED: ") + report.verdict());
        return text.text.toString();
    }

    private void conversation(CallReport report) {
        CallReport.Rtp rtp = report.rtp();
        CallReport.Heard heard = report.heard();
        line("answered", "after %s ms, codec %s".formatted(one(report.setupMillis()), report.codec()));
        line(
                "first packet",
                rtp.firstPacketMillis() == null ? "none" : one(rtp.firstPacketMillis()) + " ms after 200 OK");
        if (report.roundTripMillis() != null) line("round trip", one(report.roundTripMillis()) + " ms");
        line(
                "rtp",
                "%d sent, %d received, %d lost (%s %%), jitter %s ms, longest gap %s ms"
                        .formatted(
                                rtp.sent(),
                                rtp.received(),
                                rtp.lost(),
                                one(rtp.lostPercent()),
                                one(rtp.jitterMillis()),
                                one(rtp.maxGapMillis())));
        line(
                "heard",
                "%d ms, %d ms of it audible".formatted(heard.millis(), heard.audibleMillis())
                        + (heard.speechDbfs() == null ? "" : " at " + one(heard.speechDbfs()) + " dBFS"));
        if (heard.tone())
            line("tone", "%s Hz at %s dBFS".formatted(one(heard.dominantHz()), one(heard.dominantDbfs())));
        if (!heard.digits().isEmpty()) line("digits", heard.digits());
        String reason = report.byeReason() == null ? "" : " (" + report.byeReason() + ")";
        if (report.hungUpBy() != null) {
            line("ended", "by %s after %s ms%s".formatted(report.hungUpBy(), one(report.talkMillis()), reason));
        }
    }

    private void line(String label, String value) {
        text.append(String.format(Locale.ROOT, "%-13s %s%n", label, value));
    }

    private static String one(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1f", value);
    }
}
