package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.audio.LevelMeter;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.freeswitch.FreeSwitchUnderTest;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sound of a call in the file of a real FreeSWITCH, both ways in which ours comes to it. */
@Tag("freeswitch")
class RecordedByFreeSwitchTest {
    @ParameterizedTest
    @ValueSource(strings = {"rtp", "websocket"})
    void callerIsLeftAgentIsRightAndOurMetadataStandsBeside(String audio) throws Exception {
        try (FreeSwitchUnderTest freeSwitch = FreeSwitchUnderTest.needed();
                RunningFirefly firefly = RunningFirefly.with(
                        freeSwitch,
                        "firefly.freeswitch.audio",
                        audio,
                        "firefly.audio-socket.listen",
                        "127.0.0.1:" + freePort(),
                        "firefly.recording.by",
                        "freeswitch",
                        "firefly.recording.channels",
                        "both")) {
            try (Caller caller = Caller.connected(firefly, "chat")) {
                awaitAudible(caller.voice(), 1_000);
                caller.voice().say(WavFile.read(Path.of("audio/count.wav")));
                await().during(Duration.ofSeconds(2))
                        .atMost(Duration.ofSeconds(3))
                        .until(() -> true);
                caller.bye();
                Rest.awaitRest(firefly, 10);
            }
            assertHeard(firefly.data().resolve("recordings"));
        }
    }

    private static void awaitAudible(RtpVoice voice, int millis) {
        await().atMost(Duration.ofSeconds(10)).until(() -> RtpVoice.audibleMillis(voice.since(0)) >= millis);
    }

    private static void assertHeard(Path folder) throws IOException {
        JsonNode json = new ObjectMapper().readTree(only(folder, ".json").toFile());
        assertThat(json.at("/kept").has("failure")).as(json.toString()).isFalse();
        assertThat(json.at("/kept/files")).hasSize(2);
        assertThat(json.at("/kept/millis").asLong())
                .isBetween(
                        json.at("/ending/talkMillis").asLong() - 500,
                        json.at("/ending/talkMillis").asLong() + 300);
        assertThat(only(folder, ".txt")).content().contains("AI: ");
        short[] caller = channel(only(folder, "-stereo.wav"), 0);
        short[] agent = channel(only(folder, "-stereo.wav"), 1);
        assertThat(WavFile.read(only(folder, "-mono.wav")).pcm()).hasSameSizeAs(agent);
        int greeting = firstAudible(agent);
        assertThat(greeting).as("greets").isLessThan(firstAudible(caller));
        assertThat(LevelMeter.measure(caller, 0, greeting + 4_000))
                .as("listens")
                .isLessThan(RtpVoice.AUDIBLE_DBFS);
        assertThat(LevelMeter.measure(agent, greeting, 4_000)).as("greets").isGreaterThan(RtpVoice.AUDIBLE_DBFS);
        assertThat(LevelMeter.measure(caller, 0, caller.length)).as("talks").isGreaterThan(RtpVoice.AUDIBLE_DBFS);
    }

    private static int firstAudible(short[] pcm) {
        int at = 0;
        while (at + 160 < pcm.length && LevelMeter.measure(pcm, at, 160) < RtpVoice.AUDIBLE_DBFS) at += 160;
        return at;
    }

    /** The module is told the port of the settings. */
    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static Path only(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static short[] channel(Path stereo, int side) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(stereo)).order(ByteOrder.LITTLE_ENDIAN);
        short[] samples = new short[(bytes.limit() - 44) / 4];
        for (int i = 0; i < samples.length; i++) samples[i] = bytes.getShort(44 + 4 * i + 2 * side);
        return samples;
    }
}
