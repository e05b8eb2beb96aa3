package io.firefly.voip.camel.freeswitch.esl;

import io.firefly.voip.call.HangupCause;

/** Our reasons to end a call in FreeSWITCH's words and back. It makes the SIP status of them, as mod_sofia's table says. */
public final class SwitchCause {
    private SwitchCause() {}

    public static String of(HangupCause cause) {
        return switch (cause) {
            case NORMAL -> "NORMAL_CLEARING";
            case CANCELLED -> "ORIGINATOR_CANCEL";
            case BUSY, OVER_LIMIT -> "USER_BUSY";
            case DECLINED -> "CALL_REJECTED";
            case NOT_FOUND -> "UNALLOCATED_NUMBER";
            case FORBIDDEN -> "OUTGOING_CALL_BARRED";
            case UNAVAILABLE, OUT_OF_MINUTES -> "SUBSCRIBER_ABSENT";
            case OVER_RATE, DRAINING -> "SWITCH_CONGESTION";
            case NO_COMMON_CODEC -> "INCOMPATIBLE_DESTINATION";
            case AGENT_UNAVAILABLE, MEDIA_UNAVAILABLE, SERVER_ERROR -> "NORMAL_TEMPORARY_FAILURE";
            case MEDIA_TIMEOUT, NO_ACK -> "NO_USER_RESPONSE";
            case MAX_DURATION -> "ALLOTTED_TIMEOUT";
        };
    }

    /** For the record of a call that FreeSWITCH ended. */
    public static HangupCause toHangupCause(String switchCause) {
        return switch (switchCause) {
            case "NORMAL_CLEARING", "NORMAL_UNSPECIFIED", "PICKED_OFF", "BLIND_TRANSFER", "ATTENDED_TRANSFER" ->
                HangupCause.NORMAL;
            case "ORIGINATOR_CANCEL", "LOSE_RACE" -> HangupCause.CANCELLED;
            case "USER_BUSY", "BUSY_EVERYWHERE" -> HangupCause.BUSY;
            case "CALL_REJECTED", "DECLINE", "REJECT_ALL" -> HangupCause.DECLINED;
            case "UNALLOCATED_NUMBER", "NO_ROUTE_DESTINATION", "NO_ROUTE_TRANSIT_NET" -> HangupCause.NOT_FOUND;
            case "OUTGOING_CALL_BARRED", "INCOMING_CALL_BARRED" -> HangupCause.FORBIDDEN;
            case "SUBSCRIBER_ABSENT", "NO_ANSWER", "USER_NOT_REGISTERED" -> HangupCause.UNAVAILABLE;
            case "SWITCH_CONGESTION", "NORMAL_CIRCUIT_CONGESTION" -> HangupCause.OVER_RATE;
            case "INCOMPATIBLE_DESTINATION", "BEARERCAPABILITY_NOTIMPL", "CODEC_ERROR" -> HangupCause.NO_COMMON_CODEC;
            case "MEDIA_TIMEOUT" -> HangupCause.MEDIA_TIMEOUT;
            case "RECOVERY_ON_TIMER_EXPIRE", "NO_USER_RESPONSE" -> HangupCause.NO_ACK;
            case "ALLOTTED_TIMEOUT" -> HangupCause.MAX_DURATION;
            default -> HangupCause.SERVER_ERROR;
        };
    }
}
