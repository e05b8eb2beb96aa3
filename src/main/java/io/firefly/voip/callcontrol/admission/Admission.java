package io.firefly.voip.callcontrol.admission;

import io.firefly.voip.call.HangupCause;

/** The answer to "may this call come in?". */
public sealed interface Admission {
    record Admitted(int callsNow) implements Admission {}

    record Refused(HangupCause cause, String reason) implements Admission {}
}
