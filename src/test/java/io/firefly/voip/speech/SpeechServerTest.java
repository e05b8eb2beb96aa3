package io.firefly.voip.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.pipeline.http.Waves;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.Sound;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class SpeechServerTest {
    @Test
    void missingProgramsAreNamedWithTheirPackages() {
        assertThat(SpeechServer.missing("/nowhere"))
                .isEqualTo("espeak-ng and pocketsphinx_continuous not found:"
                        + " apt install espeak-ng pocketsphinx pocketsphinx-en-us");
    }

    @Nested
    @ExtendWith(OutputCaptureExtension.class)
    class Running {
        private final ObjectMapper json = new ObjectMapper();
        private final HttpClient http = HttpClient.newHttpClient();
        private SpeechServer server;

        @BeforeEach
        void start() throws IOException {
            String missing = SpeechServer.missing(System.getenv("PATH"));
            assumeTrue(missing == null, () -> missing + ": the offline speech server is not tried");
            server = new SpeechServer(0, "en-us+klatt2", SpeechServerCommand.shippedGrammar());
        }

        @AfterEach
        void stop() {
            if (server != null) server.close();
        }

        private HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
            return http.send(
                    HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofByteArray());
        }

        private HttpResponse<byte[]> post(String path, String body) throws Exception {
            return post(path, "application/json", body.getBytes(StandardCharsets.UTF_8));
        }

        private static String text(HttpResponse<byte[]> response) {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        private HttpResponse<byte[]> transcribe(byte[] file) throws Exception {
            String head = """
                    --b
                    Content-Disposition: form-data; name="model"

                    any
                    --b
                    Content-Disposition: form-data; name="file"; filename="speech.wav"

                    """.replace("\n", "\r\n");
            byte[] body = new byte[head.length() + file.length + 9];
            System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, body, 0, head.length());
            System.arraycopy(file, 0, body, head.length(), file.length);
            System.arraycopy("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII), 0, body, body.length - 9, 9);
            return post("/audio/transcriptions", "multipart/form-data; boundary=b", body);
        }

        private Sound spoken(String input) throws Exception {
            HttpResponse<byte[]> response =
                    post("/audio/speech", "{\"model\":\"m\",\"voice\":\"v\",\"input\":\"" + input + "\"}");
            assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
            return Waves.read(response.body(), 1_000);
        }

        /** As a telephone carries it. */
        private static byte[] overATelephone(Sound speech) {
            short[] pcm = speech.as(AudioFormat.NARROWBAND).pcm();
            for (int i = 0; i < pcm.length; i++) pcm[i] = G711.PCMU.decode(G711.PCMU.encode(pcm[i]));
            return Waves.write(new Sound(AudioFormat.NARROWBAND, pcm));
        }

        @ParameterizedTest
        @CsvSource({
            "'four, two, three, five, zero, nine.', four two three five zero nine",
            "'eight, three, one, two.', eight three one two",
            "hello, hello",
            "goodbye, goodbye"
        })
        void whatEspeakSaysPocketsphinxUnderstands(String said, String heard) throws Exception {
            HttpResponse<byte[]> response = transcribe(overATelephone(spoken(said)));

            assertThat(json.readTree(response.body()).path("text").asText()).isEqualTo(heard);
        }

        @Test
        void silenceHasNoWords() throws Exception {
            Sound silence = new Sound(AudioFormat.NARROWBAND, new short[16_000]);

            assertThat(text(transcribe(Waves.write(silence)))).isEqualTo("{\"text\":\"\"}");
        }

        @Test
        void speedMakesItShorterAndNoTextIsAnOption() throws Exception {
            long normal = spoken("one two three").durationMillis();
            Sound fast = Waves.read(
                    post("/audio/speech", "{\"input\":\"one two three\",\"speed\":2.0}")
                            .body(),
                    1_000);

            assertThat(fast.durationMillis()).isBetween(normal / 3, normal * 3 / 4);
            assertThat(spoken("--version -w nowhere.wav").durationMillis()).isGreaterThan(500);
        }

        @Test
        void rulesAnswerAsAWholeAndWordByWord() throws Exception {
            String asked = "{\"messages\":[{\"role\":\"user\",\"content\":\"four two\"}]";

            JsonNode whole =
                    json.readTree(post("/chat/completions", asked + "}").body());
            String streamed = text(post("/chat/completions", asked + ",\"stream\":true}"));

            assertThat(whole.at("/choices/0/message/content").asText()).isEqualTo("You said four two. What else?");
            assertThat(streamed.split("\n\n", -1)).hasSize(8).contains("data: [DONE]");
        }

        @Test
        void goodbyeHangsUpWhenThatIsOffered() throws Exception {
            String messages = "{\"messages\":[{\"role\":\"user\",\"content\":\"goodbye\"}]";
            String tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"hang_up\"}}]}";

            assertThat(text(post("/chat/completions", messages + tools))).contains("hang_up");
            assertThat(text(post("/chat/completions", messages + "}"))).doesNotContain("hang_up");
        }

        @ParameterizedTest
        @CsvSource({
            "/audio/speech, '{', 400, the body is not the JSON of this endpoint",
            "/audio/speech, '{}', 400, input must be a text",
            "/chat/completions, '[]', 400, messages are missing",
            "/chat/completions, '', 400, messages are missing",
            "/audio/transcriptions, 'nonsense', 400, multipart/form-data with a part",
            "/audio/transcriptions, '--b|filename=x||abc', 400, the form ends in the middle",
            "/models, '{}', 404, POST /v1/models is not there"
        })
        void aMalformedRequestHearsWhatIsWrongWithIt(String path, String body, int status, String words)
                throws Exception {
            HttpResponse<byte[]> response = post(path, body.replace("|", "\r\n"));

            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(json.readTree(response.body()).at("/error/message").asText())
                    .startsWith(words);
        }

        @Test
        void aFileThatIsNoSpeechAndABodyWithoutEndAreRefused() throws Exception {
            assertThat(text(transcribe("ID3 is no wave".getBytes(StandardCharsets.US_ASCII))))
                    .contains("neither WAV nor PCM");
            assertThat(post("/audio/speech", "application/json", new byte[9 << 20])
                            .statusCode())
                    .isEqualTo(413);
        }

        @Test
        void aVoiceThatEspeakDoesNotKnowIsAFailureOfTheServer() throws Exception {
            try (SpeechServer mute = new SpeechServer(0, "klingon-x", SpeechServerCommand.shippedGrammar())) {
                HttpResponse<byte[]> response = http.send(
                        HttpRequest.newBuilder(URI.create(mute.baseUrl() + "/audio/speech"))
                                .POST(BodyPublishers.ofString("{\"input\":\"hello\"}"))
                                .build(),
                        BodyHandlers.ofByteArray());

                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(text(response)).contains("espeak-ng failed");
            }
        }

        @Test
        void aPortThatIsTakenAndAGrammarThatIsNotThereEndTheVerbWithASentence(CapturedOutput output) {
            String taken = String.valueOf(URI.create(server.baseUrl()).getPort());

            assertThat(SpeechServerCommand.run("--port", taken)).isEqualTo(1);
            assertThat(output.getErr()).contains("port " + taken + " is taken");
            assertThat(SpeechServerCommand.run("--grammar", "nowhere.gram")).isEqualTo(1);
            assertThat(output.getErr()).contains("--grammar nowhere.gram cannot be read");
            assertThat(SpeechServerCommand.run("--nonsense")).isEqualTo(2);
        }
    }
}
