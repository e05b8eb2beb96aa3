package io.firefly.voip.ops.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firefly.voip.testing.Chromium;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/** A person logs into Hawtio with a browser and sees our routes. The screenshots are kept in target. */
class HawtioBrowserTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SCREENSHOTS = Path.of("target", "hawtio");

    @Test
    void aPersonLogsInAndSeesTheRoutesAndTheirDiagram() throws IOException {
        @Nullable Path executable = Chromium.installed();
        assumeTrue(executable != null, "left out: chromium is not installed (apt-get install chromium)");
        Files.createDirectories(SCREENSHOTS);
        try (RunningFirefly firefly = RunningFirefly.with(
                        "firefly.management.password", "a-word-for-tests", "camel.main.name", "firefly");
                Chromium browser = Chromium.start(executable)) {
            String management =
                    "http://localhost:" + firefly.bean(Environment.class).getProperty("local.management.port");
            logIn(browser, management);
            seeTheRoutes(browser, management);
            seeTheCalls(browser, management);
        }
    }

    private static void logIn(Chromium browser, String management) throws IOException {
        browser.open(management + "/actuator/hawtio");
        sees(browser, "Please sign in");
        browser.screenshot(SCREENSHOTS.resolve("1-login.png"));
        browser.evaluate("""
                document.querySelector('[name=username]').value = 'admin';
                document.querySelector('[name=password]').value = 'a-word-for-tests';
                document.querySelector('form').submit();""");
        sees(browser, "Camel");
    }

    private static void seeTheRoutes(Chromium browser, String management) throws IOException {
        browser.open(management + "/actuator/hawtio/camel/routes?nid=org.apache.camel-firefly-routes");
        seesAll(browser, "2-routes.png", "inbound", "sip-invite", "sip-register", "callflow-echo", "Started");
        clicks(browser, "inbound");
        clicks(browser, "Route Diagram");
        seesAll(browser, "3-diagram.png", "(ID: admit)", "(ID: start-call-flow)");
        clicks(browser, "Source");
        sees(browser, "call:incoming");
        clicks(browser, "Exchanges");
        seesAll(browser, "4-exchanges.png", "Inflight Exchanges");
        clicks(browser, "Route Diagram");
    }

    private static void seeTheCalls(Chromium browser, String management) throws IOException {
        browser.open(management + "/actuator/hawtio/jmx");
        clicks(browser, "Expand all");
        clicks(browser, "Node");
        seesAll(browser, "5-node.png", "CallsByState", "Draining");
    }

    private static void clicks(Chromium browser, String text) {
        await(text).atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> browser.click(text));
    }

    private static void seesAll(Chromium browser, String screenshot, String... texts) throws IOException {
        try {
            for (String text : texts) sees(browser, text);
        } finally {
            browser.screenshot(SCREENSHOTS.resolve(screenshot));
        }
    }

    private static void sees(Chromium browser, String text) {
        await(text).atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).untilAsserted(() -> assertThat(browser.text())
                .contains(text));
    }
}
