package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.simulator.SimulatorServer.Options;
import io.firefly.voip.agent.simulator.script.ScriptReader;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's clients for Node take the simulator for the real thing. {@code .ci/run} fetches them where npm is. */
@Timeout(120)
class NpmClientsTest {
    private static final Path CLIENTS = Path.of("src", "test", "npm");
    private static final Path MODULES = Path.of("target", "npm", "node_modules");
    private static final String PASSWORD = "only-for-this-test";

    private Path folder = MODULES;
    private @Nullable SimulatorServer simulator;

    @BeforeEach
    void findNode(@TempDir Path empty) throws IOException, InterruptedException {
        assumeTrue(
                Files.isDirectory(MODULES.resolve("@openai")),
                "left out: OpenAI's npm packages are not in target/npm; .ci/run says how they get there");
        folder = empty;
        assumeTrue(hasNode(), "left out: node is not installed");
    }

    @AfterEach
    void stop() {
        if (simulator != null) simulator.close();
    }

    @Test
    void theAgentsSdkCallsAToolTalksOverAndSeesTheSessionExpire() throws Exception {
        JsonNode seen = run("agents-realtime.cjs", "ws://127.0.0.1:" + start(null) + "/v1/realtime?model=gpt-realtime");
        assertThat(seen.path("failed").asText()).isEmpty();
        assertThat(seen.path("generic")).as("events the SDK does not know").isEmpty();
        assertThat(seen.path("errors")).hasSize(1).first().asString().contains("session_expired");
        assertThat(seen.path("tools")).hasToString("[\"sales\"]");
        assertThat(seen.path("interrupted").asInt()).isPositive();
        assertThat(seen.at("/events/conversation.item.truncated").asInt()).isPositive();
        assertThat(seen.path("audioBytes").asInt())
                .as("more than two seconds of sound")
                .isGreaterThan(2 * 48_000);
        assertThat(seen.path("history"))
                .extracting(item -> item.path(0).asText() + ": " + item.path(2).asText())
                .containsSubsequence(
                        "assistant: Good morning. This is a test.",
                        "user: I want to talk to sales",
                        "assistant: You are connected.",
                        "user: Tell me a story",
                        "user: Stop",
                        "assistant: I have stopped.");
        assertThat(seen.path("history"))
                .filteredOn(item -> item.path(1).asText().equals("incomplete"))
                .as("the story was cut at what was heard")
                .singleElement()
                .satisfies(story ->
                        assertThat(story.path(2).asText()).startsWith("This is").doesNotContain("nobody listened"));
    }

    @Test
    void theNodeClientHoldsADialogueByTls() throws Exception {
        JsonNode seen = run("openai-node.cjs", "https://localhost:" + start(certificate()) + "/v1");
        assertThat(seen.path("errors")).isEmpty();
        assertThat(seen.path("heard")).hasToString("[\"I want to talk to sales\"]");
        assertThat(seen.path("tools")).hasToString("[\"transfer{\\\"target\\\":\\\"sales\\\"}\"]");
        assertThat(seen.path("said"))
                .hasToString("[\"Good morning. This is a test.\",\"One moment.\",\"You are connected.\"]");
    }

    private int start(@Nullable PemKeyCertOptions certificate) throws Exception {
        Options options =
                new Options(ScriptReader.read(CLIENTS.resolve("dialogue.yaml")), certificate, false, event -> {});
        simulator = SimulatorServer.start(SimulatorProperties.defaults().onPort(0), options);
        return simulator.port();
    }

    private JsonNode run(String client, String url) throws IOException, InterruptedException {
        Path speech = folder.resolve("speech.pcm");
        short[] words = Voice.resample(Voice.load(200).recording("answer-3"), Encoding.PCM);
        Files.write(speech, Encoding.PCM.encode(words));
        ProcessBuilder node = new ProcessBuilder("node", CLIENTS.resolve(client).toString(), url, speech.toString())
                .redirectError(folder.resolve("stderr").toFile());
        node.environment().put("NODE_PATH", MODULES.toAbsolutePath().toString());
        node.environment()
                .put("NODE_EXTRA_CA_CERTS", folder.resolve("certificate.pem").toString());
        Process process = node.start();
        String told;
        try (InputStream out = process.getInputStream()) {
            told = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
        assertThat(told)
                .as(() -> "node says: " + read(folder.resolve("stderr")))
                .isNotBlank();
        return new ObjectMapper().readTree(told);
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            Process version = new ProcessBuilder("node", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.waitFor(10, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A certificate for localhost that signs itself, by the JDK's keytool. */
    private PemKeyCertOptions certificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(Stream.concat(
                                Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString()),
                                Stream.of(
                                        ("-genkeypair -alias simulator -keyalg EC -storetype PKCS12 -dname CN=localhost"
                                                        + " -ext SAN=dns:localhost -storepass " + PASSWORD
                                                        + " -keystore "
                                                        + store)
                                                .split(" ")))
                        .toList())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Path certificate = pem("CERTIFICATE", keys.getCertificate("simulator").getEncoded());
        Path key = pem(
                "PRIVATE KEY", keys.getKey("simulator", PASSWORD.toCharArray()).getEncoded());
        return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
    }

    private Path pem(String kind, byte[] der) throws IOException {
        Path file = folder.resolve(kind.toLowerCase(Locale.ROOT).replace(' ', '-') + ".pem");
        String body = Base64.getMimeEncoder().encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }
}
