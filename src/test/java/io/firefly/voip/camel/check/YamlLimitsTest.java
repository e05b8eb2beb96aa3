package io.firefly.voip.camel.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Texts that are meant to harm whoever reads them. */
class YamlLimitsTest {
    private static String refusal(String text) {
        RouteCheck check = RouteCheck.of(List.of(), Map.of(), Map.of());
        List<Refusal> refusals =
                assertTimeoutPreemptively(Duration.ofSeconds(10), () -> check.check(Map.of("x.camel.yaml", text)));
        assertThat(refusals).hasSize(1);
        return refusals.get(0).shown("routes");
    }

    @Test
    void aBillionLaughsAreNotLaughed() {
        StringBuilder text = new StringBuilder("- a0: &a0 [lol, lol]\n");
        for (int i = 1; i < 30; i++) {
            text.append("- a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(refusal(text.toString())).contains("more than 50 aliases");
    }

    @Test
    void fewAliasesThatBecomeMillionsAreNotWrittenOut() {
        StringBuilder text = new StringBuilder("- a0: &a0 [lol, lol]\n");
        for (int i = 1; i < 24; i++) {
            text.append("- a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(refusal(text.toString())).contains("written out the file has more than 20000 values");
    }

    @Test
    void anAliasWithinItselfIsNotFollowed() {
        assertThat(refusal("- a: &a [*a]\n")).contains("an alias (*name) within what it stands for");
    }

    @Test
    void aHundredThousandBracketsDoNotOverflowTheStack() {
        assertThat(refusal("- [" + "\n  [".repeat(100_000))).contains("nested deeper than 50 levels");
    }

    @Test
    void aFileAboveOneMebibyteIsNotRead() {
        assertThat(refusal("- route: {}\n# " + "x".repeat(1024 * 1024))).contains("the file is larger than 1 MiB");
    }

    @Test
    void aLineWithoutEndIsNotRead() {
        assertThat(refusal("- route: {}\n# " + "x".repeat(30_000)))
                .contains("x.camel.yaml:2  the line is longer than 20000 characters");
    }

    @Test
    void aBinaryFileIsCalledOne() {
        assertThat(refusal("PK\u0003\u0004\0\0- route:")).contains("this is no text, but a binary file");
    }

    @Test
    void aTagMakesNoObject() {
        assertThat(refusal("- !!javax.script.ScriptEngineManager [x]\n")).contains("expected '- route:'");
    }

    @Test
    void anEmptyFileIsToldSo() {
        assertThat(refusal("")).contains("the file is empty; it should hold a route");
        assertThat(refusal("# only words\n")).contains("the file is empty");
        assertThat(refusal("- route: {}\n")).contains("the route has no id");
    }
}
