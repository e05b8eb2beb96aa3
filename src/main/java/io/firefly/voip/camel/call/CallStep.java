package io.firefly.voip.camel.call;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.check.DidYouMean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One {@code call:} step with its options understood. Made when the route is built, so that a wrong word is found then.
 *
 * @param delay how long {@code ring} rings
 * @param file what {@code play} plays
 * @param text digits or target: as they are, or an expression of the simple language
 */
record CallStep(
        CallVerb verb,
        Duration delay,
        boolean record,
        @Nullable Path file,
        double tempo,
        String text,
        HangupCause cause,
        boolean afterGoodbye) {
    private static final long MAX_RING_MILLIS = 30_000;
    private static final double MIN_TEMPO = 0.1;
    private static final double MAX_TEMPO = 5.0;

    static CallStep parse(String word, Map<String, Object> options, Duration defaultDelay) {
        CallVerb verb = CallVerb.of(word);
        verb.check(options);
        Options given = new Options(verb, options);
        return new CallStep(
                verb,
                given.delay(defaultDelay),
                given.flag("record"),
                given.file(),
                given.tempo(),
                given.text(),
                given.cause(),
                given.afterGoodbye());
    }

    /** The text itself depends on the exchange. */
    static boolean isExpression(String text) {
        return text.contains("${") || text.contains("$simple{");
    }

    /** What an expression gave is checked like what is written: a model may have had its hands in it. */
    String checked(@Nullable String given) {
        if (given != null && isAllowed(verb, given)) return given;
        throw new IllegalArgumentException(
                verb + " takes " + allowed(verb) + ", and '" + text + "' gave something else");
    }

    private static boolean isAllowed(CallVerb verb, String text) {
        return text.matches(verb == CallVerb.DTMF ? "[0-9A-D*#]{1,64}" : "[a-z0-9][a-z0-9-]{0,63}");
    }

    private static String allowed(CallVerb verb) {
        return verb == CallVerb.DTMF ? "1 to 64 of 0-9 A-D * #" : "a name of small letters, digits and dashes";
    }

    /** With what lies beside it, for who only mistyped the name. */
    static String missingFile(Path file) {
        Path folder = file.getParent() == null ? Path.of(".") : file.getParent();
        String sentence = "there is no file '" + file + "' to play";
        try (Stream<Path> beside = Files.list(folder)) {
            List<String> sounds = beside.map(each -> each.getFileName().toString())
                    .filter(name -> name.endsWith(".wav"))
                    .sorted()
                    .limit(20)
                    .toList();
            String name = file.getFileName().toString();
            return sounds.isEmpty()
                    ? sentence
                    : sentence + "; in " + folder + " there are " + DidYouMean.choice(name, sounds);
        } catch (IOException e) {
            return sentence + ", and no folder '" + folder.toAbsolutePath() + "'";
        }
    }

    private record Options(CallVerb verb, Map<String, Object> given) {
        private @Nullable String value(String name) {
            Object value = given.get(name);
            return value == null ? null : value.toString().strip();
        }

        Duration delay(Duration defaultDelay) {
            String delay = value("delay");
            if (delay == null) return defaultDelay;
            Duration wanted = CallStep.duration(delay);
            if (wanted == null || wanted.isNegative() || wanted.toMillis() > MAX_RING_MILLIS) {
                throw wrong("delay", delay, "a time from 0s to 30s, such as 3s or 500ms");
            }
            return wanted;
        }

        boolean flag(String name) {
            String flag = value(name);
            if (flag == null) return false;
            if (!flag.equals("true") && !flag.equals("false")) throw wrong(name, flag, "true or false");
            return flag.equals("true");
        }

        @Nullable
        Path file() {
            String file = value("file");
            if (file != null && !file.isEmpty()) return Path.of(file);
            if (verb == CallVerb.PLAY)
                throw new IllegalArgumentException("call:play needs a 'file', such as audio/welcome.wav");
            return null;
        }

        double tempo() {
            String tempo = value("tempo");
            if (tempo == null) return 1.0;
            try {
                double wanted = Double.parseDouble(tempo);
                if (wanted >= MIN_TEMPO && wanted <= MAX_TEMPO) return wanted;
            } catch (NumberFormatException e) {
                throw wrong("tempo", tempo, "a number from 0.1 to 5.0");
            }
            throw wrong("tempo", tempo, "a number from 0.1 to 5.0");
        }

        String text() {
            if (verb != CallVerb.DTMF && verb != CallVerb.TRANSFER) return "";
            String option = verb == CallVerb.DTMF ? "digits" : "target";
            String text = value(option);
            if (text == null) {
                throw new IllegalArgumentException(
                        verb == CallVerb.DTMF
                                ? "call:dtmf needs 'digits', such as 123#"
                                : "call:transfer needs a 'target', a name in directory.yaml");
            }
            if (!isExpression(text) && !isAllowed(verb, text)) throw wrong(option, text, allowed(verb));
            return text;
        }

        HangupCause cause() {
            String cause = value("cause");
            if (cause == null) return HangupCause.NORMAL;
            List<String> labels =
                    Arrays.stream(HangupCause.values()).map(HangupCause::label).toList();
            if (!labels.contains(cause)) throw wrong("cause", cause, "one of " + DidYouMean.choice(cause, labels));
            return HangupCause.fromLabel(cause);
        }

        boolean afterGoodbye() {
            String after = value("after");
            if (after == null) return false;
            if (!after.equals("goodbye")) throw wrong("after", after, "goodbye");
            if (given.containsKey("cause")) {
                throw new IllegalArgumentException("call:end takes 'after' or 'cause', not both");
            }
            return true;
        }

        private IllegalArgumentException wrong(String option, String value, String allowed) {
            return new IllegalArgumentException(
                    verb + " cannot take " + option + " '" + value + "'; allowed is " + allowed);
        }
    }

    /** {@code 500ms}, {@code 3s}, {@code 1m}, or a bare number of seconds; null when it is none of these. */
    private static @Nullable Duration duration(String text) {
        if (!text.matches("-?[0-9]{1,9}(ms|s|m)?")) return null;
        long number = Long.parseLong(text.replaceAll("[a-z]", ""));
        if (text.endsWith("ms")) return Duration.ofMillis(number);
        return text.endsWith("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
    }
}
