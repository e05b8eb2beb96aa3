package io.firefly.voip.speech;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers by rules: repeats digits, says hello and goodbye. */
final class Receptionist {
    private static final Set<String> DIGITS =
            Set.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    private static final String HANG_UP = "hang_up";

    private Receptionist() {}

    /** @param tool a function that is called beside the words */
    record Answer(String text, @Nullable String tool) {}

    /** @param request of {@code /chat/completions} */
    static Answer answer(JsonNode request) {
        JsonNode messages = request.path("messages");
        JsonNode last = messages.path(messages.size() - 1);
        String role = last.path("role").asText();
        if (role.equals("tool")) return new Answer("All right.", null);
        if (role.equals("system")) return new Answer("Goodbye.", null);
        List<String> words =
                List.of(last.path("content").asText("").toLowerCase(Locale.ROOT).split("\\W+"));
        if (words.contains("goodbye") || words.contains("bye")) {
            return new Answer("Goodbye, and thank you for calling.", offers(request, HANG_UP) ? HANG_UP : null);
        }
        List<String> digits = words.stream().filter(DIGITS::contains).toList();
        if (!digits.isEmpty()) return new Answer("You said " + String.join(" ", digits) + ". What else?", null);
        if (words.contains("hello")) return new Answer("Hello! Say some digits, or goodbye.", null);
        return new Answer("I understand digits, hello and goodbye.", null);
    }

    private static boolean offers(JsonNode request, String tool) {
        return Stream.iterate(0, i -> i + 1)
                .limit(request.path("tools").size())
                .map(i -> request.path("tools").path(i).path("function").path("name"))
                .anyMatch(name -> name.asText().equals(tool));
    }
}
