package io.firefly.voip.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
    private final List<String> told = new ArrayList<>();
    private final Sentences sentences = new Sentences(told::add);

    @Test
    void aSentenceIsToldAsSoonAsTheNextOneBegins() {
        sentences.add("It is ni");
        sentences.add("ne.");
        assertThat(told).as("3.14 would go on").isEmpty();
        sentences.add(" And");
        assertThat(told).containsExactly("It is nine.");
        sentences.finish();
        assertThat(told).containsExactly("It is nine.", "And");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mr. Smith is in. Wait. | Mr. Smith is in. / Wait.",
                "It costs 3.50 euro. Fine. | It costs 3.50 euro. / Fine.",
                "See z.B. Berlin! Or not? | See z.B. Berlin! / Or not?",
                "He said \"go.\" Then he went. | He said \"go.\" / Then he went.",
                "Really?! Yes... well. | Really?! / Yes... / well.",
                "**Bold** and `code`. # Title | Bold and code. / Title",
                "好。行！ | 好。 / 行！",
                "J. S. Bach. | J. S. Bach."
            })
    void sentencesEndWhereAPersonWouldTakeBreath(String text, String expected) {
        text.chars().forEach(c -> sentences.add(String.valueOf((char) c)));
        sentences.finish();

        assertThat(told).containsExactly(expected.strip().split(" / "));
    }

    @Test
    void aLineIsASentenceAndWhatHasNoLetterIsNone() {
        sentences.add("First line\n---\n\n* * *\nsecond");
        sentences.finish();

        assertThat(told).containsExactly("First line", "second");
    }

    @Test
    void aSentenceWithoutEndIsCutAtACommaAndAtWorstBetweenWords() {
        sentences.add("word ".repeat(34) + "comma, " + "word ".repeat(100));
        sentences.finish();

        assertThat(told.get(0)).endsWith("comma,");
        assertThat(told).allMatch(sentence -> sentence.length() <= 330);
        assertThat(String.join(" ", told))
                .isEqualTo("word ".repeat(34) + "comma, " + "word ".repeat(100).strip());
    }
}
