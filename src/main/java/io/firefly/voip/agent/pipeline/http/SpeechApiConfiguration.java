package io.firefly.voip.agent.pipeline.http;

import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Access;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.StageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class SpeechApiConfiguration {
    private static final String PROVIDER = "firefly.agent.provider";

    @Bean
    SpeechApi speechApi(PipelineProperties properties, Environment environment) {
        String key = key(properties, environment);
        if (environment.getProperty(PROVIDER, "auto").equals("pipeline")) requireKeys(properties, key);
        return new SpeechApi(properties, key);
    }

    private static void requireKeys(PipelineProperties properties, String key) {
        for (StageSettings stage : List.of(properties.transcribe(), properties.generate(), properties.speak())) {
            Access access = properties.access(stage, key);
            if (access.apiKey().isEmpty()
                    && String.valueOf(access.baseUrl().getHost()).endsWith("openai.com")) {
                throw new IllegalArgumentException(
                        PROVIDER + "=pipeline with " + access + " needs a key: set "
                                + "firefly.pipeline.api-key, api-key-file or OPENAI_API_KEY; or set firefly.pipeline.base-url to"
                                + " a server of yours, such as http://127.0.0.1:8087/v1 of java -jar firefly.jar speech-server");
            }
        }
    }

    private static String key(PipelineProperties properties, Environment environment) {
        if (!properties.apiKey().isBlank()) return properties.apiKey().strip();
        if (!properties.apiKeyFile().isBlank()) return readKey(Path.of(properties.apiKeyFile()));
        // Only the owner of the key gets it: a server of one's own has no use for it.
        boolean openAi = String.valueOf(properties.baseUrl().getHost()).endsWith("openai.com");
        return openAi ? environment.getProperty("OPENAI_API_KEY", "").strip() : "";
    }

    private static String readKey(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "firefly.pipeline.api-key-file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
