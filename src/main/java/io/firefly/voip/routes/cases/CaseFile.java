package io.firefly.voip.routes.cases;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.check.DidYouMean;
import io.firefly.voip.camel.rehearsal.Described;
import io.firefly.voip.camel.rehearsal.Scene;
import io.firefly.voip.camel.rehearsal.Script;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.routes.cases.CaseFields.Text;
import io.firefly.voip.routes.cases.TestCase.Expectation;
import io.firefly.voip.routes.cases.TestCase.Mention;
import java.io.StringReader;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** A file of cases, {@code routes/tests/*.yaml}. Its schema is {@code /schema/route-tests.json}. */
public record CaseFile(String name, List<TestCase> cases, List<String> problems) {
    private static final int MAX_CHARACTERS = 1024 * 1024;
    private static final Set<String> TOP = inOrder("cases");
    private static final Set<String> CASE = inOrder("name", "given", "expect");
    private static final Set<String> GIVEN = inOrder(
            "from",
            "to",
            "display-name",
            "diversions",
            "asserted",
            "source",
            "trusted",
            "subscriber",
            "headers",
            "at",
            "request",
            "tool",
            "arguments",
            "ended",
            "into",
            "body",
            "variables",
            "fails",
            "refuses",
            "answers",
            "chooses",
            "ready");
    private static final Set<String> EXPECT = inOrder(
            "outcome",
            "tenant",
            "because",
            "callflow",
            "policy",
            "status",
            "answer",
            "orders",
            "steps",
            "never",
            "conditions");
    private static final Set<String> ENDED =
            inOrder("call-id", "caller", "called", "tenant", "callflow", "agent", "cause", "ended-by", "talk-seconds");

    /** @param name for messages, with its folder */
    public static CaseFile parse(String name, String text) {
        List<String> problems = new ArrayList<>();
        List<TestCase> cases = new ArrayList<>();
        Text source = new Text(name, text.lines().toList(), problems);
        Node root = compose(source, text);
        if (root != null) {
            CaseFields top = new CaseFields(source, root, TOP);
            Set<String> names = new HashSet<>();
            for (CaseFields entry : top.entries("cases", CASE)) {
                TestCase read = read(entry);
                cases.add(read);
                if (!names.add(read.name())) entry.problem("name", "the case '" + read.name() + "' is there twice");
            }
            if (cases.isEmpty() && problems.isEmpty())
                problems.add(source.spot(1, 1).shown("no cases here: a file begins with 'cases:'"));
        }
        return new CaseFile(name, cases, problems);
    }

    private static @Nullable Node compose(Text source, String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(MAX_CHARACTERS);
        limits.setMaxAliasesForCollections(50);
        limits.setNestingDepthLimit(20);
        limits.setAllowDuplicateKeys(true); // told with its place, by CaseFields
        try {
            Node root = new Yaml(new SafeConstructor(limits)).compose(new StringReader(text));
            if (root == null) source.problems().add(source.spot(1, 1).shown("the file is empty"));
            return root;
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            int line = mark == null ? 1 : mark.getLine() + 1;
            int column = mark == null ? 1 : mark.getColumn() + 1;
            String hint = String.valueOf(e.getProblem()).endsWith("got ?")
                    ? "; a text with ? must be in quotes inside [ ]"
                    : "";
            source.problems().add(source.spot(line, column).shown("this is not YAML: " + e.getProblem() + hint));
        } catch (YAMLException e) {
            source.problems().add(source.spot(1, 1).shown("this is not YAML: " + e.getMessage()));
        }
        return null;
    }

    private static TestCase read(CaseFields entry) {
        String name = entry.text("name");
        if (name == null || name.isBlank()) entry.problem("name", "a case needs a 'name' that says what comes true");
        CaseFields given = entry.fields("given", GIVEN);
        if (given == null) entry.problem("given", "a case needs 'given': what comes in");
        CaseFields expect = entry.fields("expect", EXPECT);
        if (expect == null) entry.problem("expect", "a case needs 'expect': what should come true");
        List<Mention> mentions = new ArrayList<>();
        return new TestCase(
                name == null ? "(no name)" : name,
                entry.spot(),
                given == null ? new Scene.Incoming(Described.call("", "")) : scene(given),
                given == null ? Script.NONE : script(given, mentions),
                expect == null ? nothing() : expectation(expect, mentions),
                List.copyOf(mentions));
    }

    private static Expectation nothing() {
        return new Expectation(null, null, null, null, null, null, null, null, List.of(), List.of(), Map.of());
    }

    private static Scene scene(CaseFields given) {
        boolean bare = given.has("tool") || given.has("request") || given.has("ended") || given.has("into");
        if (!bare && given.text("to") == null) given.problem("to", "'to' is missing: the number that is called");
        Described call = call(given, given.has("into") ? Map.of() : given.table("headers"));
        String tool = given.text("tool");
        if (tool != null) return new Scene.Tool(tool, given.text("arguments", "{}"), call);
        String request = given.text("request");
        if (request != null) return new Scene.Request(request, call);
        CaseFields ended = given.fields("ended", ENDED);
        if (ended != null || given.has("ended")) return new Scene.Ended(detail(ended));
        String into = given.text("into");
        if (into == null) return new Scene.Incoming(call);
        return new Scene.Sent(
                into,
                given.text("body"),
                new HashMap<>(given.table("headers")),
                new HashMap<>(given.table("variables")),
                call);
    }

    private static Described call(CaseFields given, Map<String, String> headers) {
        String source = given.text("source", "127.0.0.1");
        if (!source.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            given.problem("source", "'source' must be an IP address, such as 203.0.113.7, not '" + source + "'");
            source = "127.0.0.1";
        }
        return new Described(
                given.text("from", "+15550100"),
                given.text("to", "anybody"),
                given.text("display-name"),
                given.texts("diversions"),
                given.text("asserted"),
                source,
                given.truth("trusted"),
                given.text("subscriber"),
                headers,
                at(given));
    }

    private static @Nullable Instant at(CaseFields given) {
        String at = given.text("at");
        if (at == null) return null;
        try {
            return instant(at);
        } catch (DateTimeParseException e) {
            given.problem(
                    "at", "'at' must be a time such as 2026-12-24T18:00 or 2026-12-24T18:00:00Z, not '" + at + "'");
            return null;
        }
    }

    /**
     * A point in time as people write it: of this computer's time zone when it names none.
     *
     * @throws DateTimeParseException when it is none
     */
    public static Instant instant(String text) {
        String iso = text.strip().replace(' ', 'T');
        if (iso.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})$"))
            return OffsetDateTime.parse(iso).toInstant();
        return LocalDateTime.parse(iso).atZone(ZoneId.systemDefault()).toInstant();
    }

    private static CallDetailRecord detail(@Nullable CaseFields ended) {
        Instant end = Instant.parse("2026-01-01T12:00:00Z");
        String seconds = ended == null ? "0" : ended.text("talk-seconds", "0");
        boolean isNumber = seconds.matches("[0-9]{1,6}");
        if (!isNumber && ended != null) ended.problem("talk-seconds", "'talk-seconds' must be a whole number");
        long talkSeconds = isNumber ? Long.parseLong(seconds) : 0;
        CaseFields said = ended == null ? null : ended;
        return new CallDetailRecord(
                word(said, "call-id", "rehearsal"),
                "rehearsal",
                word(said, "caller", "+15550100"),
                word(said, "called", "echo"),
                null,
                null,
                word(said, "tenant", "default"),
                word(said, "callflow", "echo"),
                said == null ? null : said.text("agent"),
                "pcma",
                end.minusSeconds(talkSeconds),
                talkSeconds == 0 ? null : end.minusSeconds(talkSeconds),
                end,
                0,
                talkSeconds * 1000,
                word(said, "cause", "normal"),
                word(said, "ended-by", "caller"),
                null,
                null);
    }

    private static String word(@Nullable CaseFields fields, String name, String otherwise) {
        return fields == null ? otherwise : fields.text(name, otherwise);
    }

    private static Script script(CaseFields given, List<Mention> mentions) {
        Script script = Script.NONE;
        for (String step : given.texts("fails", (word, spot) -> mentions.add(new Mention(word, spot))))
            script = script.failing(step);
        for (var refusal : given.table("refuses").entrySet())
            script = script.refusing(refusal.getKey(), cause(given, refusal.getKey(), refusal.getValue()));
        for (var answer : given.table("answers").entrySet())
            script = script.answering(answer.getKey(), answer.getValue());
        for (var choice : given.table("chooses").entrySet())
            script = script.choosing(choice.getKey(), choice.getValue().equals("true"));
        return script.withReady(!Boolean.FALSE.equals(given.truth("ready")));
    }

    private static HangupCause cause(CaseFields given, String step, String label) {
        List<String> labels =
                Arrays.stream(HangupCause.values()).map(HangupCause::label).toList();
        if (labels.contains(label)) return HangupCause.fromLabel(label);
        given.problem(
                given.spotIn("refuses", step),
                "no cause '" + label + "'; there are " + DidYouMean.choice(label, labels));
        return HangupCause.DECLINED;
    }

    private static Expectation expectation(CaseFields expect, List<Mention> mentions) {
        Map<String, Boolean> conditions = new LinkedHashMap<>();
        expect.table("conditions").forEach((id, answer) -> {
            conditions.put(id, answer.equals("true"));
            mentions.add(new Mention(id, expect.spotIn("conditions", id)));
        });
        return new Expectation(
                expect.text("outcome"),
                expect.text("tenant"),
                expect.text("because"),
                expect.text("callflow"),
                expect.text("policy"),
                expect.status("status"),
                expect.text("answer"),
                expect.has("orders") ? expect.texts("orders") : null,
                expect.texts("steps", (word, spot) -> mentions.add(new Mention(word, spot))),
                expect.texts("never", (word, spot) -> mentions.add(new Mention(word, spot))),
                conditions);
    }

    private static Set<String> inOrder(String... names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
    }
}
