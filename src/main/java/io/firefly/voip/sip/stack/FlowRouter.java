package io.firefly.voip.sip.stack;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.stack.DefaultRouter;
import javax.sip.SipException;
import javax.sip.SipStack;
import javax.sip.address.Hop;
import javax.sip.message.Request;

/** Sends a request where its application data says, else where the stack's own rules lead. */
public final class FlowRouter extends DefaultRouter {
    public FlowRouter(SipStack stack) {
        super(stack, null);
    }

    @Override
    public Hop getNextHop(Request request) throws SipException {
        if (((SIPMessage) request).getApplicationData() instanceof Hop hop) return hop;
        return super.getNextHop(request);
    }
}
