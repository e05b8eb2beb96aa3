package io.firefly.voip.camel.call;

import java.time.Duration;

/** Both entries of routes. */
record CallEntrances(CallEntrance incoming, CallEntrance ended) {
    static CallEntrances patientFor(Duration patience) {
        return new CallEntrances(
                new CallEntrance(CallVerb.INCOMING, patience), new CallEntrance(CallVerb.ENDED, patience));
    }

    CallEntrance of(CallVerb verb) {
        return verb == CallVerb.INCOMING ? incoming : ended;
    }
}
