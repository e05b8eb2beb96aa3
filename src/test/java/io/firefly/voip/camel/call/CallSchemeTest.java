package io.firefly.voip.camel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallEvent.CallOffered;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.OrderBook;
import io.firefly.voip.testing.Tenants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallSchemeTest {
    private final OrderBook book = new OrderBook();
    private final CallEntrances entrances = CallEntrances.patientFor(Duration.ofMillis(200));
    private final CallWorkers workers = new CallWorkers(4, 2000);
    private final CallDesk desk = new CallDesk(entrances, workers, () -> book);
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() {
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        camel.disableJMX();
        camel.addComponent("call", CallComponent.serving(() -> book, entrances, Duration.ofSeconds(3)));
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
        workers.close();
    }

    @Test
    void stepsBecomeOrdersInTheirOrder(@TempDir Path sounds) throws Exception {
        Path welcome = Files.writeString(sounds.resolve("welcome.wav"), "");
        incoming(
                "call:ring",
                "call:ring?delay=500ms",
                "call:answer?record=true",
                "call:play?file=" + welcome + "&tempo=1.25",
                "call:echo",
                "call:dtmf?digits=12*#",
                "call:end?after=goodbye",
                "call:end",
                "call:end?cause=busy");

        offered(Calls.to("echo"));

        ordered(
                "ring 3000ms",
                "ring 500ms",
                "answer and record",
                "play welcome.wav at 1.25",
                "echo",
                "dtmf 12*#",
                "end after goodbye",
                "end normal",
                "end busy");
    }

    @Test
    void theBodyIsTheCallAndTheThreadIsNotTheCallsOwn() throws Exception {
        List<Object> seen = new CopyOnWriteArrayList<>();
        Call call = Calls.to("echo");
        route("call:incoming", exchange -> {
            seen.add(exchange.getMessage().getBody());
            seen.add(CallExchange.callOf(exchange));
            seen.add(Thread.currentThread().getName());
        });

        offered(call);

        await().until(() -> seen.size() == 3);
        assertThat(seen).startsWith(call, call.id());
        assertThat(seen.get(2).toString()).startsWith("call-route-");
    }

    @Test
    void theCallGoesWithTheExchangeThroughDirect() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("call:incoming").to("direct:flow");
                from("direct:flow").to("call:answer");
            }
        });

        offered(Calls.to("echo"));

        ordered("answer");
    }

    @Test
    void aStepWithoutACallSaysWhereItWouldWork() throws Exception {
        route("direct:nowhere", exchange -> {});
        Exchange exchange = new DefaultExchange(camel);

        try (var template = camel.createProducerTemplate()) {
            template.send("call:answer", exchange);
        }

        assertThat(exchange.getException())
                .hasMessageContaining("there is no call here")
                .hasMessageContaining("call:incoming");
    }

    @Test
    void anAdmittedCallGoesOn() throws Exception {
        admitting();

        offered(Calls.to("echo"));

        ordered("admit acme", "flow welcome", "answer");
    }

    @Test
    void aRefusedCallHearsWhyAndGoesNoFurther() throws Exception {
        book.refuseWith(HangupCause.OVER_LIMIT, "10 of 10 calls");
        admitting();

        offered(Calls.to("echo"));

        ordered("admit acme", "end over-limit");
    }

    @Test
    void aTrunkThatSpeaksForAStrangerHears403() throws Exception {
        TenantMatch forged =
                new TenantMatch(Tenants.withFlow("welcome"), "diversion 1", "trunk x may not speak for it");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("call:incoming")
                        .process(exchange -> exchange.setVariable("tenant", forged))
                        .to("call:admit", "call:answer");
            }
        });

        offered(Calls.to("echo"));

        ordered("end forbidden");
        assertThat(HangupCause.FORBIDDEN.sipStatus()).isEqualTo(403);
    }

    @Test
    void admitWithoutATenantIsAMistakeOfTheRoute() throws Exception {
        incoming("call:admit");

        offered(Calls.to("echo"));

        ordered("end server-error");
    }

    @Test
    void aMissingFileEndsTheCall() throws Exception {
        incoming("call:answer", "call:play?file=audio/nobody-recorded-it.wav");

        offered(Calls.to("echo"));

        ordered("answer", "end media-unavailable");
    }

    @Test
    void anInviteBecomesACall() throws Exception {
        IncomingCall incoming = Calls.incoming("echo");
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(incoming);

        try (var template = camel.createProducerTemplate()) {
            template.send("call:offer", exchange);
        }

        ordered("offer " + incoming.id());
        assertThat(CallExchange.callOf(exchange)).isEqualTo(incoming.id());
    }

    @Test
    void somethingElseThanAnInviteCannotBeOffered() throws Exception {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("an OPTIONS");

        try (var template = camel.createProducerTemplate()) {
            template.send("call:offer", exchange);
        }

        assertThat(exchange.getException()).hasMessageContaining("an INVITE").hasMessageContaining("a String");
        assertThat(book.orders()).isEmpty();
    }

    @Test
    void aCallThatNoRouteTakesIsEnded() {
        offered(Calls.to("echo"));

        ordered("end unavailable");
    }

    @Test
    void aCallThatNoRouteDecidesIsEnded() throws Exception {
        route("call:incoming", exchange -> {});

        offered(Calls.to("echo"));

        ordered("end unavailable");
    }

    @Test
    void aCallWhoseRouteFailsIsEnded() throws Exception {
        route("call:incoming", exchange -> {
            throw new IllegalStateException("says the test");
        });

        offered(Calls.to("echo"));

        ordered("end server-error");
    }

    @Test
    void aCallThatComesWhileTheRouteIsSwappedWaitsForTheNextOne() throws Exception {
        incoming("call:answer");
        camel.getRouteController().stopAllRoutes();

        offered(Calls.to("echo"));
        camel.getRouteController().startAllRoutes();

        ordered("answer");
    }

    @Test
    void noCallIsLostWhileTheEntranceClosesAgainAndAgain() throws Exception {
        incoming("call:answer");
        Consumer listener = camel.getRoutes().get(0).getConsumer();
        int calls = 0;

        for (int swap = 0; swap < 200; swap++) {
            for (int i = 0; i < 3; i++, calls++) offered(Calls.to("echo"));
            ServiceHelper.suspendService(listener);
            for (int i = 0; i < 3; i++, calls++) offered(Calls.to("echo"));
            ServiceHelper.resumeService(listener);
        }

        int wanted = calls;
        await().atMost(Duration.ofSeconds(5)).until(() -> book.orders().size() == wanted);
        assertThat(book.orders()).containsOnly("answer");
    }

    @Test
    void callsBeyondTheQueueAreRefusedAtOnce() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (CallWorkers few = new CallWorkers(1, 1)) {
            CallDesk small = new CallDesk(entrances, few, () -> book);
            route("call:incoming", exchange -> {
                boolean unused = goOn.await(5, TimeUnit.SECONDS);
                CallExchange.callOf(exchange);
            });

            for (int i = 0; i < 3; i++) small.onCallEvent(new CallOffered(Calls.to("echo"), Instant.EPOCH));

            ordered("end over-limit");
            assertThat(few.refused()).isEqualTo(1);
            goOn.countDown();
        }
    }

    @Test
    void theRecordOfACallComesAfterItsDecision() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        Call call = Calls.to("echo");
        CallDetailRecord detail = Calls.detail(call.id().value());
        CountDownLatch ended = new CountDownLatch(1);
        route("call:incoming", exchange -> {
            boolean unused = ended.await(5, TimeUnit.SECONDS);
            order.add("incoming");
            CallExchange.callOf(exchange);
        });
        route(
                "call:ended",
                exchange -> order.add("ended "
                        + exchange.getMessage().getBody(CallDetailRecord.class).called()));

        offered(call);
        desk.onCallDetail(detail);
        ended.countDown();

        await().until(() -> order.size() == 2);
        assertThat(order).containsExactly("incoming", "ended echo");
    }

    @Test
    void aSecondListenerIsRefused() throws Exception {
        incoming("call:answer");

        assertThatThrownBy(() -> incoming("call:end")).hasMessageContaining("call://incoming");
    }

    private void admitting() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("call:incoming")
                        .process(exchange -> exchange.setVariable(
                                "tenant",
                                new Tenants(Tenants.withFlow("welcome"))
                                        .tenantOf(exchange.getMessage().getBody(Call.class))))
                        .to("call:admit")
                        .setVariable("callflow", simple("${variable.tenant.callflow}"))
                        .to("call:flow", "call:answer");
            }
        });
    }

    private void incoming(String... steps) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("call:incoming").to(steps);
            }
        });
    }

    private void route(String from, Processor does) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).process(does);
            }
        });
    }

    private void offered(Call call) {
        desk.onCallEvent(new CallOffered(call, Instant.EPOCH));
    }

    private void ordered(String... orders) {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(book.orders()).containsExactly(orders));
    }
}
