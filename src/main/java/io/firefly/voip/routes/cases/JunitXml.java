package io.firefly.voip.routes.cases;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report that CI servers read: one suite per case file. */
public final class JunitXml {
    private JunitXml() {}

    public static String of(CaseRunner.Outcome outcome) {
        Map<String, List<Verdict>> files = new LinkedHashMap<>();
        for (Verdict verdict : outcome.verdicts()) {
            files.computeIfAbsent(verdict.test().spot().file(), file -> new java.util.ArrayList<>())
                    .add(verdict);
        }
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        files.forEach((file, verdicts) -> suite(xml, file, verdicts));
        if (!outcome.problems().isEmpty()) problems(xml, outcome.problems());
        return xml.append("</testsuites>\n").toString();
    }

    private static void suite(StringBuilder xml, String file, List<Verdict> verdicts) {
        long failed = verdicts.stream().filter(verdict -> !verdict.isGood()).count();
        double seconds = verdicts.stream()
                .mapToDouble(verdict -> verdict.took().toNanos() / 1e9)
                .sum();
        xml.append(String.format(
                Locale.ROOT,
                "  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\" time=\"%.3f\">%n",
                escaped(file),
                verdicts.size(),
                failed,
                seconds));
        for (Verdict verdict : verdicts) {
            xml.append(String.format(
                    Locale.ROOT,
                    "    <testcase name=\"%s\" classname=\"%s\" time=\"%.3f\"",
                    escaped(verdict.test().name()),
                    escaped(file),
                    verdict.took().toNanos() / 1e9));
            if (verdict.isGood()) xml.append("/>\n");
            else failure(xml, verdict);
        }
        xml.append("  </testsuite>\n");
    }

    private static void failure(StringBuilder xml, Verdict verdict) {
        xml.append(">\n      <failure message=\"")
                .append(escaped(verdict.differences().get(0)))
                .append("\">")
                .append(escaped(verdict.test().spot() + "\n" + String.join("\n", verdict.differences())))
                .append("</failure>\n    </testcase>\n");
    }

    private static void problems(StringBuilder xml, List<String> problems) {
        xml.append(
                        "  <testsuite name=\"case files\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">\n")
                .append("    <testcase name=\"every case file can be read\" classname=\"case files\" time=\"0\">\n")
                .append("      <error message=\"")
                .append(escaped(problems.get(0).lines().findFirst().orElse("")))
                .append("\">")
                .append(escaped(String.join("\n", problems)))
                .append("</error>\n    </testcase>\n  </testsuite>\n");
    }

    /** Control characters cannot be written in XML 1.0 at all. */
    private static String escaped(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("\n", "&#10;");
    }
}
