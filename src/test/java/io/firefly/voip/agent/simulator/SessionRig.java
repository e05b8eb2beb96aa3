package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.firefly.voip.agent.simulator.RealtimeSession.Setup;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.script.Script;
import io.firefly.voip.agent.simulator.script.ScriptFormatException;
import io.firefly.voip.agent.simulator.script.ScriptReader;
import io.firefly.voip.agent.simulator.script.Tempo;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import io.firefly.voip.agent.simulator.wire.Line;
import io.firefly.voip.agent.simulator.wire.VirtualClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** One session without a socket, on a clock that only moves when told to. Every frame is judged as it is sent. */
final class SessionRig {
    private static final Voice VOICE = Voice.load(200);

    final List<JsonNode> frames = new ArrayList<>();
    final List<String> strange = new ArrayList<>();
    final RealtimeSession session;
    int closeCode;
    String closeReason = "";
    boolean congested;
    boolean reads = true;
    int pings;
    boolean strict = true;
    private final VirtualClock clock = new VirtualClock();

    private SessionRig(Setup setup) {
        this.session = new RealtimeSession(setup, new RigLine(), clock);
    }

    static SessionRig opened() {
        return opened(3, false);
    }

    static SessionRig opened(int hangUpAfterTurns, boolean preamble) {
        return opened(hangUpAfterTurns, preamble, false, Script.NONE);
    }

    static SessionRig shuffled() {
        return opened(3, false, true, Script.NONE);
    }

    /** A session that plays a script. */
    static SessionRig playing(String yaml) {
        try {
            return opened(3, false, false, ScriptReader.read("test.yaml", yaml, Path.of("")));
        } catch (ScriptFormatException e) {
            throw new AssertionError(e);
        }
    }

    private static SessionRig opened(int hangUpAfterTurns, boolean preamble, boolean shuffled, Script script) {
        SessionRig rig = new SessionRig(new Setup(
                7,
                "gpt-realtime-2.1",
                2_000_000_000,
                VOICE,
                new Tempo(150, 300, 0, 0, 4),
                shuffled,
                hangUpAfterTurns,
                preamble,
                script.visit(0)));
        rig.session.open();
        return rig;
    }

    /** A session as a telephone bridge sets it up. */
    SessionRig onThePhone(Encoding encoding, String moreSession) {
        String type = "audio/" + encoding.name().toLowerCase(java.util.Locale.ROOT);
        String format = "{'type':'" + type + "'" + (encoding == Encoding.PCM ? ",'rate':24000}" : "}");
        send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'format':" + format
                + ",'turn_detection':{'type':'server_vad','threshold':0.6,'silence_duration_ms':500}},'output':{'format':"
                + format + "}}" + moreSession + "}}");
        assertThat(last().path("type").asText()).isEqualTo("session.updated");
        frames.clear();
        return this;
    }

    /** A client event, with single quotes for double ones. */
    void send(String event) {
        session.receive(event.replace('\'', '"'));
    }

    /** Sends sound in frames of 20 ms, as fast as it goes. */
    void hear(Encoding encoding, short[] pcm) {
        byte[] bytes = encoding.encode(pcm);
        int frame = 20 * encoding.bytesPerMilli();
        for (int at = 0; at < bytes.length; at += frame) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + frame));
            send("{'type':'input_audio_buffer.append','audio':'"
                    + Base64.getEncoder().encodeToString(piece) + "'}");
        }
    }

    /** The caller says one sentence and waits. */
    void callerSays(Encoding encoding, String prompt) {
        hear(encoding, new short[200 * encoding.samplesPerMilli()]);
        hear(encoding, Voice.resample(VOICE.recording(prompt), encoding));
        hear(encoding, new short[700 * encoding.samplesPerMilli()]);
    }

    void pass(long millis) {
        clock.advance(millis);
    }

    long nowMillis() {
        return clock.nowMillis();
    }

    JsonNode last() {
        return frames.get(frames.size() - 1);
    }

    List<String> types() {
        return frames.stream().map(frame -> frame.path("type").asText()).toList();
    }

    /** Types in order, without deltas. */
    List<String> milestones() {
        return types().stream().filter(type -> !type.endsWith(".delta")).toList();
    }

    List<JsonNode> all(String type) {
        return frames.stream()
                .filter(frame -> frame.path("type").asText().equals(type))
                .toList();
    }

    JsonNode only(String type) {
        assertThat(all(type)).as("%s in %s", type, milestones()).hasSize(1);
        return all(type).get(0);
    }

    /** What the last frame complains about. */
    JsonNode error() {
        assertThat(last().path("type").asText()).as("last frame %s", last()).isEqualTo("error");
        return last().path("error");
    }

    int audioBytes() {
        return all("response.output_audio.delta").stream()
                .mapToInt(
                        delta -> Base64.getDecoder().decode(delta.path("delta").asText()).length)
                .sum();
    }

    private final class RigLine implements Line {
        @Override
        public void send(String frame) {
            if (strict) OfficialSdk.judge(frame);
            try {
                frames.add(ServerEvents.JSON.readTree(frame));
            } catch (JsonProcessingException e) {
                if (strict) throw new AssertionError(frame, e);
                strange.add(frame);
            }
        }

        @Override
        public void close(int code, String reason) {
            closeCode = code;
            closeReason = reason;
        }

        @Override
        public void cut() {
            closeCode = 1006;
        }

        @Override
        public void read(boolean reading) {
            reads = reading;
        }

        @Override
        public void ping() {
            pings++;
        }

        @Override
        public boolean congested() {
            return congested;
        }
    }
}
