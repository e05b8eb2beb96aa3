package io.firefly.voip.agent.openai.turns;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.openai.turns.ResponseSequencer.State;
import io.firefly.voip.agent.openai.wire.Create;
import io.firefly.voip.agent.openai.wire.Create.Purpose;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseSequencerTest {
    private static final Create CONTINUE = new Create(Purpose.CONTINUE, null, true);
    private static final Create GREETING = new Create(Purpose.GREETING, "hello", true);

    private final List<Purpose> created = new ArrayList<>();
    private final Deque<String> wire = new ArrayDeque<>();
    private final ResponseSequencer sequencer = new ResponseSequencer(new ResponseSequencer.Wire() {
        @Override
        public String create(Create create) {
            created.add(create.purpose());
            wire.add("create c-" + created.size());
            return "c-" + created.size();
        }

        @Override
        public void cancel(String responseId) {
            wire.add("cancel " + responseId);
        }
    });

    @Test
    void theDoneOfAStrangerChangesNothing() {
        sequencer.created("resp_1", null);
        sequencer.request(CONTINUE);

        assertThat(sequencer.done("resp_2")).isFalse();
        assertThat(created).isEmpty();
        assertThat(sequencer.done("resp_1")).isTrue();
        assertThat(created).hasSize(1);
    }

    @Test
    void severalWishesBecomeTheMostImportantOne() {
        sequencer.created("resp_1", null);
        sequencer.request(CONTINUE);
        sequencer.request(GREETING);
        sequencer.request(CONTINUE);

        sequencer.done("resp_1");
        sequencer.created("resp_2", "c-1");
        sequencer.done("resp_2");

        assertThat(created).containsExactly(Purpose.GREETING);
        assertThat(sequencer.state()).isEqualTo(State.FREE);
    }

    @Test
    void aServerThatTellsNoMetadataIsUnderstood() {
        sequencer.request(GREETING);

        assertThat(sequencer.created("resp_1", null)).isEqualTo(Purpose.GREETING);
    }

    /** A server with one response at a time, whose events and ours pass each other on the wire. */
    @Test
    void whateverCrossesOnTheWireTheWayIsFreeInTheEnd() {
        Random random = new Random(7);
        Deque<String> towardsUs = new ArrayDeque<>();
        String active = "";
        int responses = 0;
        for (int step = 0; step < 20_000; step++) {
            int what = step > 19_000 ? 2 + random.nextInt(9) : random.nextInt(11);
            if (what == 0) sequencer.request(CONTINUE);
            if (what == 1 && active.isEmpty()) {
                active = "resp_" + ++responses;
                towardsUs.add("created " + active + " -");
            }
            if (what == 2 && !active.isEmpty()) {
                towardsUs.add("done " + active + " -");
                active = "";
            }
            if (what == 3 && !wire.isEmpty()) {
                String[] event = wire.remove().split(" ", -1);
                if (event[0].equals("create") && active.isEmpty()) {
                    active = "resp_" + ++responses;
                    towardsUs.add("created " + active + " " + event[1]);
                } else if (event[0].equals("create")) {
                    towardsUs.add("refused " + event[1] + " " + active);
                }
            }
            if (what >= 4 && !towardsUs.isEmpty()) hear(towardsUs.remove().split(" ", -1));
        }

        assertThat(wire).isEmpty();
        assertThat(towardsUs).isEmpty();
        assertThat(sequencer.state()).isEqualTo(State.FREE);
        assertThat(sequencer.isExpecting()).isFalse();
        assertThat(created).hasSizeGreaterThan(100);
    }

    private void hear(String[] event) {
        switch (event[0]) {
            case "created" -> sequencer.created(event[1], event[2].equals("-") ? null : event[2]);
            case "done" -> sequencer.done(event[1]);
            default -> sequencer.refused(event[1], true, "active response in progress: " + event[2]);
        }
    }
}
