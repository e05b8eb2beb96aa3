package io.firefly.voip.camel.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.camel.freeswitch.board.TestFabric;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.camel.freeswitch.esl.FakeSwitch;
import io.firefly.voip.media.freeswitch.EventSocketException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route may say to a FreeSWITCH, and what it hears. */
class FreeSwitchComponentTest {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final List<EslEvent> events = new CopyOnWriteArrayList<>();
    private FakeSwitch fake;
    private TestFabric test;

    @BeforeEach
    void start() throws IOException {
        fake = FakeSwitch.start();
        test = new TestFabric(TestFabric.settings(List.of(TestFabric.node(fake)), null));
        camel.addComponent("freeswitch", FreeSwitchComponent.serving(test.board()));
        camel.start();
        await().until(() -> test.board().fabric().nodes().get(0).health().up());
    }

    @AfterEach
    void stop() throws IOException {
        camel.stop();
        test.close();
        fake.close();
    }

    private Exchange send(String uri, String body) {
        return camel.createProducerTemplate()
                .send(uri, exchange -> exchange.getMessage().setBody(body));
    }

    @Test
    void anAnswerBecomesTheBody() {
        fake.answer("status", got -> "UP " + got.line());
        Exchange answered = send("freeswitch:api?command=status&arguments=RAW(a ${body})", "b");
        assertThat(answered.getException()).isNull();
        assertThat(answered.getMessage().getBody(String.class)).isEqualTo("UP bgapi status a b");
    }

    @Test
    void aRefusalIsTheExchangesFailure() {
        fake.answer("uuid_kill", got -> "-ERR No such channel!\n");
        assertThat(send("freeswitch:api?command=uuid_kill&arguments=x", "").getException())
                .isInstanceOf(EventSocketException.class)
                .hasMessageContaining("No such channel");
    }

    @Test
    void whatSomebodySaidRunsNothing() {
        String uri = "freeswitch:api?command=echo&arguments=RAW(${body})";
        assertThat(send(uri, "${system(id)}").getException()).hasMessageContaining("would expand it");
        assertThat(send(uri, "x\n\napi system id").getException()).hasMessageContaining("control character");
        assertThat(fake.lines()).noneMatch(line -> line.contains("system"));
    }

    @Test
    void anApplicationNeedsAChannel() {
        assertThat(send("freeswitch:execute?application=playback", "").getException())
                .hasMessageContaining("say which channel by channel=");
        assertThat(send("freeswitch:execute?application=playback&channel=u9", "")
                        .getException())
                .hasMessageContaining("channel u9 is none of ours");
    }

    @Test
    void eventsBecomeExchangesInOrder() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("freeswitch:events?names=PLAYBACK_START,DTMF&subclasses=mod_x::y")
                        .process(exchange -> events.add(exchange.getMessage().getBody(EslEvent.class)));
            }
        });
        await().until(() ->
                fake.lines().stream().anyMatch(line -> line.contains("PLAYBACK_START") && line.contains("mod_x::y")));
        for (int i = 0; i < 50; i++) fake.tell("DTMF", Map.of("Unique-ID", "u1", "DTMF-Digit", String.valueOf(i)));
        fake.tell("CHANNEL_ANSWER", Map.of("Unique-ID", "u1"));
        fake.tell("CUSTOM", Map.of("Unique-ID", "u1", "Event-Subclass", "mod_x::y"), "body");
        await().until(() -> events.size() == 51);
        for (int i = 0; i < 50; i++)
            assertThat(events.get(i).text("DTMF-Digit")).isEqualTo(String.valueOf(i));
        assertThat(events.get(50).body()).isEqualTo("body");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "freeswitch:cals | after freeswitch: comes calls or events",
                "freeswitch:calls?listen=8084 | has no option 'listen'; it takes none",
                "freeswitch:api?comand=status | has no option 'comand'; known are arguments, command, node",
                "freeswitch:api | option command is missing",
                "freeswitch:api?command=system&arguments=id | runs programs on FreeSWITCH's machine",
                "freeswitch:api?command=show channels | must be one word",
                "freeswitch:api?command=status&node=b | there is no node 'b'",
                "freeswitch:execute | option application is missing",
                "freeswitch:events | option names is missing",
                "freeswitch:events?names=channel_answer | names are in capitals"
            })
    void aMistakeIsToldWithItsFix(String uri, String sentence) {
        assertThatThrownBy(() -> camel.getEndpoint(uri)).hasStackTraceContaining(sentence);
    }

    @Test
    void withoutFreeSwitchCallsWaitIdleAndCommandsSayWhatIsMissing() throws Exception {
        try (DefaultCamelContext none = new DefaultCamelContext()) {
            none.addComponent("freeswitch", FreeSwitchComponent.serving(null));
            none.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("freeswitch:calls").routeId("idle").to("log:x");
                }
            });
            assertThatCode(none::start).doesNotThrowAnyException();
            assertThatThrownBy(() -> none.getEndpoint("freeswitch:api?command=status"))
                    .rootCause()
                    .hasMessageContaining("set firefly.freeswitch.nodes[0].host");
        }
    }
}
