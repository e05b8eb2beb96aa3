package io.firefly.voip.camel.freeswitch.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties.Node;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Against a FreeSWITCH whose dialplan answers and parks the user {@code firefly}. Where it has a user {@code handed},
 * too, for whom it says {@code socket 127.0.0.1:<port> async full}, FIREFLY_TEST_FREESWITCH_HANDED names that port.
 */
@Tag("freeswitch")
class RealFreeSwitchTest {
    private static final String WHERE = System.getenv("FIREFLY_TEST_FREESWITCH");
    private static final String HANDED = System.getenv("FIREFLY_TEST_FREESWITCH_HANDED");
    private final List<HandedCall> calls = new CopyOnWriteArrayList<>();
    private String sip;
    private TestFabric test;
    private SwitchNode node;

    @BeforeEach
    void start() {
        assumeTrue(WHERE != null, "no FreeSWITCH: FIREFLY_TEST_FREESWITCH=host:eslPort:password:sipPort is not set");
        String[] parts = WHERE.split(":", -1);
        sip = parts[0] + ":" + parts[3];
        Node settings = new Node("real", parts[0], Integer.parseInt(parts[1]), parts[2], null, sip, false);
        test = new TestFabric(TestFabric.settings(List.of(settings), "127.0.0.1:" + (HANDED == null ? "0" : HANDED)));
        test.board().door().open(calls::add);
        node = test.board().fabric().nodes().get(0);
        await().atMost(Duration.ofSeconds(10)).until(() -> node.health().up());
    }

    @AfterEach
    void stop() {
        if (test != null) test.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Lets FreeSWITCH call itself; the other end plays our INVITE. */
    private CompletableFuture<String> call(String user, String callId, String uuid) {
        return node.api(
                        "originate",
                        "{sip_invite_call_id=" + callId + ",origination_uuid=" + uuid + ",ignore_early_media=true}"
                                + "sofia/drachtio_mrf/" + user + "@" + sip + " &park()")
                .toCompletableFuture();
    }

    private SwitchChannel channel(String far) throws Exception {
        String callId = UUID.randomUUID().toString();
        CompletionStage<SwitchChannel> waiting = test.fabric().channelOf(node, callId);
        CompletableFuture<String> originated = call("firefly", callId, far);
        // Not ours alone: the far end has the same Call-ID, and is met first or second.
        SwitchChannel met = get(waiting);
        get(originated);
        return met;
    }

    @Test
    void commandsAreAnswered() throws Exception {
        assertThat(get(node.api("status", ""))).contains("FreeSWITCH");
        assertThat(get(node.api("uuid_exists", "nobody"))).isEqualTo("false");
        assertThatThrownBy(() -> get(node.api("nosuch", ""))).hasMessageContaining("nosuch");
        assertThatThrownBy(() -> get(node.api("uuid_kill", "nobody"))).hasMessageContaining("No such channel");
        List<CompletableFuture<String>> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) many.add(node.api("eval", "n" + i).toCompletableFuture());
        for (int i = 0; i < 200; i++) assertThat(get(many.get(i))).isEqualTo("n" + i);
    }

    @Test
    void aChannelPlaysHearsKeysAndEnds() throws Exception {
        String far = UUID.randomUUID().toString();
        SwitchChannel channel = channel(far);
        FabricOnTest.Heard heard = new FabricOnTest.Heard();
        channel.listen(heard);
        assertThat(channel.variable("sip_call_id")).isNotNull();
        assertThat(channel.variable("read_codec")).isNotNull();
        assertThat(get(channel.execute("playback", "tone_stream://%(200,0,440)")))
                .isEqualTo("FILE PLAYED");
        assertThat(get(channel.execute("playback", "/no/such/file.wav"))).isEqualTo("FILE NOT FOUND");
        String other = channel.uuid().equals(far) ? otherThan(far) : far;
        get(node.api("uuid_send_dtmf", other + " 5"));
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(heard.words).anyMatch(word -> word.startsWith("dtmf 5 ")));
        channel.hangUp(HangupCause.BUSY);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(heard.words).endsWith("hungUp BUSY USER_BUSY"));
    }

    private String otherThan(String uuid) throws Exception {
        String json = get(node.api("show", "channels as json"));
        return Objects.requireNonNull(EslNode.uuids(json)).stream()
                .filter(each -> !each.equals(uuid))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBridgeIsHeardByBoth() throws Exception {
        SwitchChannel first = channel(UUID.randomUUID().toString());
        SwitchChannel second = channel(UUID.randomUUID().toString());
        FabricOnTest.Heard one = new FabricOnTest.Heard();
        FabricOnTest.Heard two = new FabricOnTest.Heard();
        first.listen(one);
        second.listen(two);
        get(node.api("uuid_bridge", first.uuid() + " " + second.uuid()));
        await().untilAsserted(() -> {
            assertThat(one.words).contains("bridged " + second.uuid());
            assertThat(two.words).contains("bridged " + first.uuid());
        });
        first.hangUp(HangupCause.NORMAL);
        second.hangUp(HangupCause.NORMAL);
    }

    @Test
    void aParkedChannelIsHandedOver() throws Exception {
        SwitchChannel parked = channel(UUID.randomUUID().toString());
        String to = test.fabric().callbackAddress();
        get(node.api("uuid_transfer", parked.uuid() + " 'socket:" + to + " async full' inline"));
        await().atMost(Duration.ofSeconds(5)).until(() -> !calls.isEmpty());
        IncomingCall incoming = calls.get(0).toIncomingCall();
        HandedCallsTest.Heard heard = new HandedCallsTest.Heard();
        incoming.leg().listen(heard);
        incoming.leg().answer("");
        SwitchChannel own = Objects.requireNonNull(test.fabric().channelOf(incoming.id()));
        assertThat(own.node()).isSameAs(node);
        assertThat(get(own.api("uuid_exists", own.uuid()))).isEqualTo("true");
        assertThat(get(own.execute("playback", "tone_stream://%(100,0,440)"))).isEqualTo("FILE PLAYED");
        await().untilAsserted(() -> assertThat(heard.words).containsExactly("confirmed null"));
        get(node.api("uuid_kill", parked.uuid()));
        await().atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(heard.words).containsExactly("confirmed null", "hungUp"));
        await().atMost(Duration.ofSeconds(8)).until(() -> test.board().figures().sockets() == 0);
    }

    private IncomingCall handed() {
        assumeTrue(HANDED != null, "FIREFLY_TEST_FREESWITCH_HANDED is not set");
        await().atMost(Duration.ofSeconds(5)).until(() -> !calls.isEmpty());
        return calls.get(0).toIncomingCall();
    }

    @Test
    void aCallThatIsRefusedHearsWhy() {
        assumeTrue(HANDED != null, "FIREFLY_TEST_FREESWITCH_HANDED is not set");
        CompletableFuture<String> result =
                call("handed", UUID.randomUUID().toString(), UUID.randomUUID().toString());
        handed().leg().end(HangupCause.BUSY);
        assertThatThrownBy(() -> get(result)).hasMessageContaining("USER_BUSY");
    }

    @Test
    void aCallRingsIsAnsweredAndEnds() throws Exception {
        assumeTrue(HANDED != null, "FIREFLY_TEST_FREESWITCH_HANDED is not set");
        String far = UUID.randomUUID().toString();
        CompletableFuture<String> result = call("handed", UUID.randomUUID().toString(), far);
        IncomingCall incoming = handed();
        assertThat(incoming.sdpOffer()).startsWith("v=0");
        assertThat(incoming.source().trusted()).isTrue();
        assertThat(incoming.parties().called().user()).isEqualTo("handed");
        HandedCallsTest.Heard heard = new HandedCallsTest.Heard();
        incoming.leg().listen(heard);
        incoming.leg().ring();
        incoming.leg().answer("");
        assertThat(get(result)).contains("+OK");
        await().untilAsserted(() -> assertThat(heard.words).containsExactly("confirmed null"));
        get(node.api("uuid_kill", far));
        await().atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(heard.words).containsExactly("confirmed null", "hungUp"));
    }

    @Test
    void aCallerWhoGivesUpCancels() throws Exception {
        assumeTrue(HANDED != null, "FIREFLY_TEST_FREESWITCH_HANDED is not set");
        String far = UUID.randomUUID().toString();
        CompletableFuture<String> unused =
                call("handed", UUID.randomUUID().toString(), far).exceptionally(failed -> "");
        IncomingCall incoming = handed();
        HandedCallsTest.Heard heard = new HandedCallsTest.Heard();
        incoming.leg().listen(heard);
        incoming.leg().ring();
        get(node.api("uuid_kill", far));
        await().atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(heard.words).containsExactly("cancelled"));
        get(unused);
    }
}
