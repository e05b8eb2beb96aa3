package io.firefly.voip.sip;

import java.util.concurrent.atomic.AtomicBoolean;

/** Answers a request that is no INVITE, once, on the thread that calls. */
final class OneAnswer implements SipResponder {
    private final InboundRequest request;
    private final JainSipFront.Switchboard switchboard;
    private final AtomicBoolean done = new AtomicBoolean();

    OneAnswer(InboundRequest request, JainSipFront.Switchboard switchboard) {
        this.request = request;
        this.switchboard = switchboard;
    }

    @Override
    public void respond(SipResponse response) {
        if (response.status() < 200)
            throw new IllegalArgumentException("status " + response.status() + " is not final");
        SipResponse full = tellsCapabilities(response) ? response.orElse(switchboard.capabilities()) : response;
        if (request.method().equals("REGISTER") && response.status() < 300)
            switchboard.proved(request.source().address());
        if (done.compareAndSet(false, true) && (isAskedForAgain(full) || request.beginTransaction()))
            request.respond(full);
    }

    /** Lost, it does no harm. Anything else is repeated by a transaction. */
    private boolean isAskedForAgain(SipResponse response) {
        return request.method().equals("OPTIONS") || response.status() == 401 || response.status() == 407;
    }

    /** RFC 3261 11.2. */
    private boolean tellsCapabilities(SipResponse response) {
        return request.method().equals("OPTIONS") && response.status() < 300;
    }

    @Override
    public boolean isDone() {
        return done.get();
    }
}
