package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.Upstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Chooses who answers: OpenAI, or the simulator that speaks the same protocol on this machine. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OpenAiProperties.class)
class OpenAiConfiguration {
    private static final Logger log = LoggerFactory.getLogger(OpenAiConfiguration.class);
    private static final String PROVIDER = "firefly.agent.provider";

    @Bean
    @ConditionalOnExpression("'${firefly.agent.provider:auto}' != 'pipeline'")
    OpenAiVoiceAgent openAiVoiceAgent(OpenAiProperties properties, Upstream upstream, Environment environment) {
        return new OpenAiVoiceAgent(chosen(properties, environment), upstream);
    }

    static OpenAiProperties chosen(OpenAiProperties properties, Environment environment) {
        String key = apiKey(properties, environment);
        String provider = environment.getProperty(PROVIDER, "auto");
        return switch (provider) {
            case "openai" -> openAi(properties, key, PROVIDER + "=openai");
            case "simulator" -> simulator(properties, environment, PROVIDER + "=simulator");
            case "auto" ->
                key.isEmpty()
                        ? simulator(properties, environment, "there is no OPENAI_API_KEY")
                        : openAi(properties, key, "there is an API key");
            default ->
                throw new IllegalArgumentException(
                        PROVIDER + " must be auto, openai, simulator or pipeline, not '" + provider + "'");
        };
    }

    private static OpenAiProperties openAi(OpenAiProperties properties, String key, String because) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException(
                    PROVIDER + "=openai needs a key: set firefly.openai.api-key, api-key-file or OPENAI_API_KEY");
        }
        URI url = properties.baseUrl();
        log.info("voice agent provider=openai url={} model={} because=\"{}\"", url, properties.model(), because);
        if (url.getScheme().equals("ws") && !url.getHost().matches("127\\..*|localhost|\\[::1]")) {
            log.warn("firefly.openai.base-url {} is not encrypted: the API key and every word travel in clear", url);
        }
        return properties.at(url, key);
    }

    private static OpenAiProperties simulator(OpenAiProperties properties, Environment environment, String because) {
        int port = environment.getProperty("firefly.simulator.port", Integer.class, 8086);
        URI url = URI.create("ws://127.0.0.1:" + port + "/v1");
        log.info("voice agent provider=simulator url={} because=\"{}\"", url, because);
        return properties.at(url, "sk-simulator");
    }

    private static String apiKey(OpenAiProperties properties, Environment environment) {
        if (!properties.apiKey().isBlank()) return properties.apiKey().strip();
        if (!properties.apiKeyFile().isBlank()) return readKey(Path.of(properties.apiKeyFile()));
        return environment.getProperty("OPENAI_API_KEY", "").strip();
    }

    private static String readKey(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "firefly.openai.api-key-file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
