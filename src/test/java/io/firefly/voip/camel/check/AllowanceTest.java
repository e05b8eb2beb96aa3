package io.firefly.voip.camel.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator adds is allowed, and no more than that. What is refused otherwise stands in routes/bad. */
class AllowanceTest {
    private static final Allowance STANDARD = Allowance.standard();

    private static String refusals(Allowance allowed, String steps) {
        String text = """
                - route:
                    id: one
                    from:
                      uri: direct:one
                      steps:
                        %s
                """.formatted(steps.replace("\n", "\n        "));
        RouteCheck check = RouteCheck.of(
                        List.of(SchemeOnTrial.of("exec", StandIns.Anything::new)),
                        Map.of("tenants", new Object(), "shop", new Object()),
                        Map.of("shop.token", "x", "shop.url", "http://localhost", "env:SHOP", "y"))
                .allowing(allowed);
        return String.join(
                "\n",
                check.check(Map.of("one.camel.yaml", text)).stream()
                        .map(refusal -> refusal.shown("routes"))
                        .toList());
    }

    @Test
    void aSchemeThatIsAddedMayBeUsed() {
        Allowance more =
                new Allowance(Set.of("direct", "exec"), STANDARD.languages(), STANDARD.beans(), Set.of(), Path.of("x"));

        assertThat(refusals(STANDARD, "- to: exec:ls")).contains("firefly.routes.allowed.components");
        assertThat(refusals(more, "- to: exec:ls")).isEmpty();
        assertThat(refusals(more, "- to: log:x")).contains("'log:' is not allowed");
    }

    @Test
    void aBeanThatIsAddedMayBeUsed() {
        Allowance more =
                new Allowance(STANDARD.components(), STANDARD.languages(), Set.of("shop"), Set.of(), Path.of("x"));

        assertThat(refusals(STANDARD, "- to: bean:shop")).contains("firefly.routes.allowed.beans");
        assertThat(refusals(more, "- to: bean:shop")).isEmpty();
    }

    @Test
    void aSecretThatIsAddedMayBeRead() {
        Allowance more = new Allowance(
                STANDARD.components(),
                STANDARD.languages(),
                STANDARD.beans(),
                Set.of("shop.token", "env:SHOP"),
                Path.of("x"));

        assertThat(refusals(STANDARD, "- log: '{{shop.token}}'")).contains("firefly.routes.allowed.settings");
        assertThat(refusals(more, "- log: '{{shop.token}}'")).isEmpty();
        assertThat(refusals(STANDARD, "- log: '{{shop.url}}'")).isEmpty();
    }

    @Test
    void filesStayWithinTheDataFolder() {
        Allowance files =
                new Allowance(Set.of("direct", "file"), STANDARD.languages(), Set.of(), Set.of(), Path.of("data"));

        assertThat(refusals(files, "- to: file:data/inbox")).isEmpty();
        assertThat(refusals(files, "- to: file:/etc")).contains("'file:' may only use folders within 'data'");
        assertThat(refusals(files, "- to: file:data/../../etc")).contains("may only use folders within");
        assertThat(refusals(files, "- to:\n    uri: file\n    parameters:\n      directoryName: /etc"))
                .contains("may only use folders within");
        assertThat(refusals(files, "- toD: file:${header.x}")).contains("may only use folders within");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- to: exec:ls",
                "- toD: ${header.x}",
                "- to: bean:shop",
                "- log: '{{shop.token}}'",
            })
    void anAdministratorMayAllowEverything(String step) {
        Set<String> all = Set.of("*");
        assertThat(refusals(new Allowance(all, all, all, all, Path.of("data")), step))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- toD: exec:${body}",
                "- to:\n    uri: exec\n    parameters:\n      executable: ls",
                "- wireTap:\n    uri: exec:ls",
                "- enrich:\n    simple: exec:ls\n- to: exec:ls",
                "- setBody:\n    expression:\n      groovy: 1 + 1",
                "- setBody:\n    method:\n      ref: tenants\n      method: x",
                "- setBody:\n    language:\n      language: groovy\n      expression: 1 + 1",
                "- convertBodyTo: java.io.File",
                "- convertBodyTo:\n    type: java.io.File",
                "- process:\n    ref: '#class:x.Y'",
                "- bean:\n    ref: dataSource\n    method: close",
                "- setBody:\n    simple: ${bean:${header.x}}",
                "- setBody:\n    simple: ${ref:dataSource}",
                "- setBody:\n    simple: ${sysenv.HOME}",
                "- setBody:\n    simple: ${sys.user.home}",
                "- setBody:\n    simple: ${properties:firefly.openai.api-key}",
                "- setBody:\n    simple: ${exchange.context.stop}",
                "- setBody:\n    simple: ${body.getClass.forName('x')}",
                "- log: '{{sys:user.home}}'",
                "- log: '{{ env:OPENAI_API_KEY:none }}'",
                "- log: '{{OPENAI_API_KEY}}'",
                "- log: '{{bean:dataSource.password}}'",
            })
    void noOtherWayLeadsAround(String step) {
        assertThat(refusals(STANDARD, step)).isNotEmpty();
    }
}
