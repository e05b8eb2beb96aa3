package io.firefly.voip.camel.registrar;

import io.firefly.voip.registrar.Registrar;
import io.firefly.voip.sip.SipRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Carries out the REGISTER in the body and writes its answer into the exchange. */
final class SaveProducer extends DefaultProducer {
    private final Registrar registrar;

    SaveProducer(RegistrarEndpoint endpoint, Registrar registrar) {
        super(endpoint);
        this.registrar = registrar;
    }

    @Override
    public void process(Exchange exchange) {
        SipRequest request = SipAnswer.request(exchange, RegistrarStep.SAVE);
        Map<String, List<String>> headers = request.headers();
        Registrar.Outcome outcome = registrar.register(new Registrar.Request(
                request.to().user(),
                request.callId(),
                request.cseq(),
                headers.getOrDefault("contact", List.of()),
                request.header("expires"),
                optionTags(headers.getOrDefault("require", List.of())),
                request.source()));
        SipAnswer.write(exchange, outcome.status(), outcome.reason(), outcome.headers());
    }

    private static List<String> optionTags(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(tag -> !tag.isEmpty())
                .toList();
    }
}
