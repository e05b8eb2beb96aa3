package io.firefly.voip.agent.openai.wire;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What went wrong with the provider, in one sentence each: what happened and what to do. */
public final class Failures {
    private static final Pattern HTTP_STATUS = Pattern.compile("\\b([45]\\d\\d)\\b");
    private static final Pattern SECRET = Pattern.compile("(sk|ek)[-_][A-Za-z0-9*_.-]+");
    private static final int MAX_QUOTE_CHARS = 160;

    private static final Set<String> FATAL_CODES = Set.of(
            "session_expired",
            "invalid_api_key",
            "account_deactivated",
            "beta_api_shape_disabled",
            "invalid_intent",
            "model_not_found",
            "invalid_model",
            "insufficient_quota",
            "billing_hard_limit_reached");

    private static final Set<Integer> RETRIED_CLOSES = Set.of(1000, 1001, 1006, 1011, 1012, 1013);

    public static final String FLOODED =
            "the provider sends faster than we can follow: see how busy this machine is and take fewer calls";

    public static final String PUMP_BROKE =
            "what the caller says could not be sent any more: report the stack trace in the log";

    private static final String CHECK_KEY = "check firefly.openai.api-key (OPENAI_API_KEY)";

    private Failures() {}

    /** The socket closed. */
    public static String closed(int code, @Nullable String reason, boolean opened) {
        String why = quote(reason);
        if (!opened) return refused(code, why);
        return switch (code) {
            case 3000 -> "the provider refused the API key" + why + ": " + CHECK_KEY;
            case 4000 -> "the provider refused the connection" + why + ": check firefly.openai.model and base-url";
            case 1001 ->
                why.contains("duration")
                        ? "the session reached the provider's maximum of 60 minutes: lower firefly.openai.session-limit"
                        : "the provider went away" + why + ": try again";
            case 1000 -> "the provider ended the session" + why + ": see its event log";
            case 1006 -> "the connection to the provider broke" + why + ": check the network and try again";
            case 1009 -> "a message was too big for the connection" + why + ": shorten instructions and tools";
            case 1011, 1012, 1013 ->
                "the provider is in trouble (close code " + code + ")" + why + ": try again, see its status page";
            default -> "the provider closed the connection with code " + code + why + ": see its documentation";
        };
    }

    private static String refused(int code, String why) {
        int status = httpStatus(code, why);
        return switch (status) {
            case 401 -> "the provider refused the API key (HTTP 401): " + CHECK_KEY;
            case 403 -> "the API key may not use this model (HTTP 403): check firefly.openai.model and the project";
            case 404 -> "the provider does not know the address (HTTP 404): check firefly.openai.base-url";
            case 429 ->
                "the provider refused the session, rate limit or quota (HTTP 429): raise it or take fewer calls";
            case 0 -> "no connection to the provider" + why + ": check firefly.openai.base-url and the network";
            default ->
                status >= 500
                        ? "the provider is in trouble (HTTP " + status + "): try again, see its status page"
                        : "the provider refused the connection (HTTP " + status + ")" + why
                                + ": check firefly.openai.base-url and model";
        };
    }

    private static int httpStatus(int code, String why) {
        if (code >= 400 && code < 600) return code;
        Matcher status = HTTP_STATUS.matcher(why);
        return status.find() ? Integer.parseInt(status.group(1)) : 0;
    }

    /** Whether a connection that closed like that, or never opened, is worth another attempt. */
    public static boolean isWorthReconnecting(int code, @Nullable String reason, boolean opened) {
        if (opened) return RETRIED_CLOSES.contains(code);
        int status = httpStatus(code, quote(reason));
        return status == 0 || status == 408 || status == 429 || status >= 500;
    }

    /** Whether a session that ended with this {@code error} may be followed by another one. */
    public static boolean isWorthAnotherSession(String errorCode) {
        return errorCode.equals("session_expired") || errorCode.equals("server_error");
    }

    /** After such an {@code error} the provider closes, or might as well. */
    public static boolean isFatal(String errorCode) {
        return FATAL_CODES.contains(errorCode);
    }

    /** An {@code error} event that ends the session, or that refuses our session settings. */
    public static String error(String errorCode, String message, String parameter) {
        return switch (errorCode) {
            case "session_expired" ->
                "the session reached the provider's maximum of 60 minutes: lower firefly.openai.session-limit";
            case "invalid_api_key" -> "the provider refused the API key: " + CHECK_KEY;
            case "insufficient_quota", "billing_hard_limit_reached" ->
                "the account's quota at the provider is used up: add credit";
            case "account_deactivated" -> "the provider has closed the account: ask its support";
            case "model_not_found", "invalid_model" ->
                "the provider does not offer the model" + quote(message) + ": check firefly.openai.model";
            default -> {
                String where = parameter.isEmpty() ? "" : " at " + clean(parameter);
                yield "the provider refused our session (" + clean(errorCode) + where + ")" + quote(message)
                        + ": check the settings firefly.openai and the agent's profile";
            }
        };
    }

    /** A response that ended with {@code failed}. */
    public static String response(String errorCode) {
        if (isFatal(errorCode)) return error(errorCode, "", "");
        return switch (errorCode) {
            case "rate_limit_exceeded" -> "the provider's rate limit is reached: raise it or take fewer calls";
            case "server_error" -> "the provider failed to answer (server_error): try again, see its status page";
            default -> "the provider failed to answer (" + clean(errorCode) + "): see its documentation";
        };
    }

    /**
     * A response that is done and said nothing.
     *
     * @param reason the provider's, or empty
     */
    public static String empty(String reason) {
        return switch (reason) {
            case "" -> "the model answered with neither sound nor a tool: see the agent's instructions";
            case "content_filter" ->
                "the provider withheld the answer (content_filter): see what the agent was asked and its instructions";
            case "max_output_tokens" ->
                "the answer was cut off before it began (max_output_tokens): raise firefly.openai.max-output-tokens";
            default -> "the answer is without sound (" + clean(reason) + "): see the provider's documentation";
        };
    }

    public static String noConnection(long millis) {
        return "no connection to the provider within " + millis + " ms: check firefly.openai.base-url and the network";
    }

    public static String notReady(long millis) {
        return "the provider did not accept the session within " + millis + " ms: try again, see its status page";
    }

    public static String stalled(long millis) {
        return "the provider fell silent for " + millis + " ms while an answer was due: try again, see its status page";
    }

    public static String endlessTurn(long millis) {
        return "the provider did not tell the end of the caller's turn within " + millis
                + " ms of silence: try again, see its status page";
    }

    public static String deaf(long millis) {
        return "the caller talked for " + millis + " ms and the provider heard nobody: try again, see its status page,"
                + " or lower firefly.openai.vad.threshold";
    }

    private static String quote(@Nullable String foreign) {
        return foreign == null || foreign.isBlank() ? "" : " (" + clean(foreign) + ")";
    }

    /** Foreign text for one log line: no key, no control characters, bounded. */
    public static String clean(String foreign) {
        String harmless = SECRET.matcher(foreign).replaceAll("***").replaceAll("\\p{Cntrl}+", " ");
        return harmless.length() <= MAX_QUOTE_CHARS ? harmless : harmless.substring(0, MAX_QUOTE_CHARS) + "...";
    }

    /** Known not to matter: we lost a race and go on. */
    public static boolean isHarmless(String errorCode) {
        String code = errorCode.toLowerCase(Locale.ROOT);
        return code.equals("conversation_already_has_active_response")
                || code.equals("response_cancel_not_active")
                || code.equals("unsupported_content_type")
                || code.equals("input_audio_buffer_commit_empty")
                || code.startsWith("item_truncate");
    }
}
