package io.firefly.voip.sip;

import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One SIP request as routes see it: typed, and with the headers of the allow-list only.
 *
 * @param requestUri as it stands on the request line
 * @param dialogId of the dialog this request is in, or would begin when it is accepted
 * @param headers lower-case name to values in wire order; nothing that is not on the allow-list
 * @param body text, empty when there is none
 * @param source where it came from and whether that address is trusted; {@link #withSubscriber} adds who it is
 * @param offer makes a call of an initial INVITE; null for every other request
 */
public record SipRequest(
        String method,
        String requestUri,
        Party requested,
        Party from,
        Party to,
        String callId,
        long cseq,
        String dialogId,
        Map<String, List<String>> headers,
        @Nullable String contentType,
        String body,
        Source source,
        @Nullable CallOffer offer) {
    public SipRequest {
        headers = Map.copyOf(headers);
    }

    /** Makes the call of an INVITE. From then on the call's leg owns the response, not the route. */
    @FunctionalInterface
    public interface CallOffer {
        IncomingCall offer(SipRequest request);
    }

    /** Camel looks requests up in its caches with every expression; a hash of all headers would cost more than that. */
    @Override
    public int hashCode() {
        return 31 * callId.hashCode() + Long.hashCode(cseq);
    }

    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.isEmpty() ? null : values.get(0);
    }

    /** The same request, sent by somebody who proved who they are. */
    public SipRequest withSubscriber(String subscriber) {
        Source known = new Source(source.transport(), source.address(), subscriber, source.trusted());
        return new SipRequest(
                method,
                requestUri,
                requested,
                from,
                to,
                callId,
                cseq,
                dialogId,
                headers,
                contentType,
                body,
                known,
                offer);
    }

    /** @throws IllegalStateException when this is no initial INVITE */
    public IncomingCall toIncomingCall() {
        if (offer == null)
            throw new IllegalStateException(method + " is not an initial INVITE: no call can be offered");
        return offer.offer(this);
    }

    /** Everybody named; identities and diversions are among them when the source may assert them. */
    public Parties parties() {
        return InboundRequest.parties(this);
    }

    // The bean properties that expressions in routes use, beside the accessors above. Never both x() and getX(): Camel
    // calls that ambiguous, or not, as the JVM happens to list them.

    public boolean isTrusted() {
        return source.trusted();
    }

    public String getCalledUser() {
        return requested.user();
    }

    public String getCallerUser() {
        return from.user();
    }
}
