package io.firefly.voip.agent.simulator.protocol;

import org.jspecify.annotations.Nullable;

/** A client event that is refused: becomes one {@code error} event, and a close when it has a close code. */
public final class ProtocolError extends Exception {
    private final String code;
    private final @Nullable String param;
    private final int closeCode;

    private ProtocolError(String code, String message, @Nullable String param, int closeCode) {
        super(message, null, false, false);
        this.code = code;
        this.param = param;
        this.closeCode = closeCode;
    }

    public static ProtocolError of(String code, String message, @Nullable String param) {
        return new ProtocolError(code, message, param, 0);
    }

    public static ProtocolError fatal(int closeCode, String code, String message) {
        return new ProtocolError(code, message, null, closeCode);
    }

    public static ProtocolError unknownParameter(String param) {
        return of("unknown_parameter", "Unknown parameter: '" + param + "'.", param);
    }

    public static ProtocolError missing(String param) {
        return of("missing_required_parameter", "Missing required parameter: '" + param + "'.", param);
    }

    public static ProtocolError invalidType(String param, String expected) {
        return of("invalid_type", "Invalid type for '" + param + "': expected " + expected + ".", param);
    }

    public static ProtocolError invalidValue(String param, String found, String supported) {
        return of("invalid_value", "Invalid value: '" + found + "'. Supported values are: " + supported + ".", param);
    }

    public static ProtocolError betaShape() {
        return fatal(
                4000,
                "beta_api_shape_disabled",
                "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.");
    }

    public String code() {
        return code;
    }

    @Nullable
    public String param() {
        return param;
    }

    /** The websocket status the connection ends with; 0 when the conversation goes on. */
    public int closeCode() {
        return closeCode;
    }

    public String closeReason() {
        return "invalid_request_error." + code;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
