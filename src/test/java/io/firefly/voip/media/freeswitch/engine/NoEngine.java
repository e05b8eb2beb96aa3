package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaUnavailableException;

/** An embedded engine that nobody may need. */
enum NoEngine implements MediaEngine {
    INSTANCE;

    @Override
    public MediaSession open(CallId id) {
        throw new MediaUnavailableException("the embedded engine was asked for call " + id);
    }

    @Override
    public int openSessions() {
        return 0;
    }
}
