package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.call.Call;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.Tenants;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The words that expressions in routes may use of our types. */
class RouteWordsTest {
    /** Camel finds both {@code state()} and {@code getState()} for {@code ${body.state}} and calls it ambiguous. */
    @TestFactory
    Stream<DynamicTest> noWordMeansTwoMethods() {
        return Stream.of(Call.class, CallDetailRecord.class, SipRequest.class, Tenant.class, TenantMatch.class)
                .map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> {
                    Set<String> names = Arrays.stream(type.getMethods())
                            .filter(method -> method.getParameterCount() == 0)
                            .map(Method::getName)
                            .collect(Collectors.toSet());
                    assertThat(names).noneMatch(name -> isGetter(name) && names.contains(word(name)));
                }));
    }

    @Test
    void wordsOfCallsAndTenantsCanBeRead() throws IOException {
        Map<String, String> words = Map.of(
                "${body.calledUser}", "echo",
                "${body.callerNumber}", "+15550100",
                "${body.trusted}", "true",
                "${body.state}", "OFFERED",
                "${variable.tenant.callflow}", "welcome",
                "${variable.tenant.agent}", "reception",
                "${variable.tenant.flowNow}", "welcome",
                "${variable.tenant.openNow}", "true",
                "${variable.tenant.record}", "false");
        try (var camel = new DefaultCamelContext()) {
            camel.start();
            DefaultExchange exchange = new DefaultExchange(camel);
            exchange.getMessage().setBody(Calls.to("echo"));
            exchange.setVariable("tenant", Tenants.withFlow("welcome"));
            words.forEach((word, value) -> assertThat(camel.resolveLanguage("simple")
                            .createExpression(word)
                            .evaluate(exchange, String.class))
                    .as(word)
                    .isEqualTo(value));
        }
    }

    private static boolean isGetter(String name) {
        return name.matches("(get|is)[A-Z].*");
    }

    private static String word(String getter) {
        String bare = getter.replaceFirst("^(get|is)", "");
        return bare.substring(0, 1).toLowerCase(Locale.ROOT) + bare.substring(1);
    }
}
