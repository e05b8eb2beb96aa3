package io.firefly.voip.camel.registrar;

import io.firefly.voip.registrar.DigestGuard;
import io.firefly.voip.registrar.DigestGuard.Attempt;
import io.firefly.voip.registrar.DigestGuard.Outcome;
import io.firefly.voip.sip.SipRequest;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Lets on who proved to be a subscriber; the body then says who. Everybody else hears 401, 403 or 400. */
final class ChallengeProducer extends DefaultProducer {
    private final DigestGuard guard;

    ChallengeProducer(RegistrarEndpoint endpoint, DigestGuard guard) {
        super(endpoint);
        this.guard = guard;
    }

    @Override
    public void process(Exchange exchange) {
        SipRequest request = SipAnswer.request(exchange, RegistrarStep.CHALLENGE);
        List<String> authorization = request.headers().getOrDefault("authorization", List.of());
        Outcome outcome =
                guard.check(new Attempt(request.method(), request.requestUri(), authorization, request.source()));
        if (outcome instanceof Outcome.Granted granted) {
            exchange.getMessage().setBody(request.withSubscriber(granted.user()));
        } else if (outcome instanceof Outcome.Challenge challenge) {
            SipAnswer.write(exchange, 401, null, challenge.headers());
        } else if (outcome instanceof Outcome.Refused refused) {
            SipAnswer.write(exchange, refused.status(), refused.reason(), refused.headers());
        }
    }
}
