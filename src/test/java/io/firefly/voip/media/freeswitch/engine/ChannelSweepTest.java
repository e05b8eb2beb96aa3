package io.firefly.voip.media.freeswitch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.NodeLeg;
import io.firefly.voip.media.freeswitch.leg.Strands;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelSweepTest {
    private final FakeSwitch freeSwitch = new FakeSwitch();
    private final FakeSwitch.Node node = freeSwitch.node("one");
    private final Strands strands = new Strands(1);
    private final LegDesk desk = new LegDesk(
            freeSwitch, freeSwitch, "here-5060", new LegDesk.Patience(Duration.ofSeconds(2), Duration.ZERO));
    private final Map<String, Map<String, String>> channels = Collections.synchronizedMap(new LinkedHashMap<>());
    private String carried = "";
    private final ChannelSweep sweep = new ChannelSweep(freeSwitch, desk, uuid -> uuid.equals(carried), strands.any());

    @AfterEach
    void end() {
        sweep.close();
        strands.close();
    }

    @Test
    void aLegOfOursThatNobodyKnowsIsEnded() throws Exception {
        String orphan = channel(Map.of("sip_h_X-Firefly-Exchange", "here-5060", "sip_call_id", "of-the-last-life"));
        sweepNow();
        assertThat(killed(orphan)).isTrue();
        assertThat(sweep.ended()).isEqualTo(1);
    }

    @Test
    void aLegThatLivesIsLeftAlone() throws Exception {
        NodeLeg leg = desk.dial(new LegDesk.Wish(new CallId("a"), node, "firefly", null), new Nobody());
        String alive = channel(Map.of(
                "sip_h_X-Firefly-Exchange",
                "here-5060",
                "sip_call_id",
                freeSwitch.leg(0).invitation.callId()));
        sweepNow();
        assertThat(killed(alive)).isFalse();
        leg.end(HangupCause.NORMAL);
    }

    @Test
    void anotherExchangesChannelsAreLeftAlone() throws Exception {
        String theirs = channel(Map.of("sip_h_X-Firefly-Exchange", "there-5060", "sip_call_id", "x"));
        String nobodys = channel(Map.of());
        sweepNow();
        assertThat(killed(theirs) || killed(nobodys)).isFalse();
        node.asked.clear();
        sweepNow();
        assertThat(node.asked).as("whose it is does not change").noneMatch(command -> command.contains(theirs));
    }

    @Test
    void aParkedCallThatWasHandedToUsIsTakenBack() throws Exception {
        String parked = channel(Map.of("firefly_handed_to", "127.0.0.1:8084", "current_application", "park"));
        String served = channel(Map.of("firefly_handed_to", "127.0.0.1:8084", "current_application", "socket"));
        String another = channel(Map.of("firefly_handed_to", "127.0.0.1:9999", "current_application", "park"));
        carried = channel(Map.of("firefly_handed_to", "127.0.0.1:8084", "current_application", "park"));
        sweepNow();
        assertThat(node.asked)
                .filteredOn(command -> command.startsWith("uuid_transfer"))
                .containsExactly("uuid_transfer " + parked + " 'socket:127.0.0.1:8084 async full,"
                        + "set:park_timeout=60:NORMAL_TEMPORARY_FAILURE,park:' inline");
        assertThat(killed(served) || killed(another)).isFalse();
        assertThat(sweep.takenBack()).isEqualTo(1);
    }

    @Test
    void aCallThatParksWhenOurOldLegEndedIsTakenBackSoon() {
        String bridged = UUID.randomUUID().toString();
        String orphan = channel(Map.of("sip_h_X-Firefly-Exchange", "here-5060", "sip_call_id", "of-the-last-life"));
        channels.put(bridged, Map.of("firefly_handed_to", "127.0.0.1:8084", "state", "CS_EXCHANGE_MEDIA"));
        node.answers = (command, arguments) -> {
            if (command.equals("uuid_kill"))
                channels.put(bridged, Map.of("firefly_handed_to", "127.0.0.1:8084", "state", "CS_PARK"));
            return answer(command, arguments);
        };
        sweep.begin();
        await().atMost(Duration.ofSeconds(5)).until(() -> sweep.takenBack() > 0);
        assertThat(killed(orphan)).isTrue();
    }

    @Test
    void aChannelThatEndsMeanwhileIsNoFault() throws Exception {
        channel(Map.of());
        String gone = UUID.randomUUID().toString();
        channels.put(gone, Map.of("gone", "yes"));
        String orphan = channel(Map.of("sip_h_X-Firefly-Exchange", "here-5060", "sip_call_id", "old"));
        sweepNow();
        assertThat(killed(orphan)).isTrue();
    }

    @Test
    void everyReconnectIsSweptAtOnce() {
        node.answers = this::answer;
        sweep.begin();
        await().until(() -> node.asked.contains("show channels"));
        node.asked.clear();
        node.since = Instant.EPOCH.plusSeconds(5);
        await().atMost(Duration.ofSeconds(2)).until(() -> node.asked.contains("show channels"));
    }

    @Test
    void aNodeThatIsDownIsNotAsked() {
        node.up = false;
        sweep.begin();
        await().during(Duration.ofMillis(700)).atMost(Duration.ofSeconds(2)).until(node.asked::isEmpty);
    }

    private String channel(Map<String, String> variables) {
        String uuid = UUID.randomUUID().toString();
        channels.put(uuid, variables);
        return uuid;
    }

    private boolean killed(String uuid) {
        return node.asked.stream().anyMatch(command -> command.startsWith("uuid_kill " + uuid));
    }

    /** A second one behind it, so that all of the first is done. */
    private void sweepNow() throws Exception {
        node.answers = this::answer;
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        strands.any().execute(() -> sweep.sweep(node).thenAccept(swept -> done.complete(true)));
        done.get(3, TimeUnit.SECONDS);
    }

    private String answer(String command, String arguments) {
        if (command.equals("show")) {
            StringBuilder table = new StringBuilder("uuid,direction,created,created_epoch,name,state,cid_name\n");
            channels.keySet().forEach(uuid -> table.append(uuid)
                    .append(",inbound,2026-11-21 12:00:00,1795262400,sofia/firefly/a@b,CS_EXECUTE,")
                    .append("a caller\n"));
            return table.append("\n")
                    .append(channels.size())
                    .append(" total.\n")
                    .toString();
        }
        if (command.equals("uuid_dump")) {
            Map<String, String> known = channels.getOrDefault(arguments, Map.of());
            return "Channel-State: " + known.getOrDefault("state", "CS_EXECUTE") + "\nvariable_current_application: "
                    + known.getOrDefault("current_application", "answer") + "\n";
        }
        if (!command.equals("uuid_getvar")) return "+OK";
        String[] words = arguments.split(" ", 2);
        Map<String, String> variables = channels.get(words[0]);
        if (variables == null || variables.containsKey("gone")) return "-ERR No such channel!\n";
        return variables.getOrDefault(words[1], "_undef_");
    }

    private static final class Nobody implements NodeLeg.Owner {
        @Override
        public void over(HangupCause cause, String why) {}

        @Override
        public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
