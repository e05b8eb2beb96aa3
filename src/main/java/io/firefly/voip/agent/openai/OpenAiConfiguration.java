package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.openai.settings.Dialect;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
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
    OpenAiVoiceAgent openAiVoiceAgent(
            OpenAiProperties properties,
            Upstream upstream,
            Environment environment,
            @Qualifier("simulatorBaseUrl") ObjectProvider<URI> simulator) {
        URI here = simulator.getIfAvailable(() -> elsewhere(environment));
        Chosen chosen = chosen(properties, environment, here);
        log.debug("voice agent url={} who=\"{}\"", chosen.settings().baseUrl(), chosen.who());
        return new OpenAiVoiceAgent(chosen.settings(), upstream, chosen.who());
    }

    /** After the start, so that nothing waits for a provider that does not answer. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> agentProbe(
            OpenAiProperties properties, Environment environment, ObjectProvider<OpenAiVoiceAgent> agents) {
        return ready -> agents.ifAvailable(agent -> {
            if (!isElsewhere(properties, environment)) return;
            Probe.warnOfLastDays(properties, LocalDate.now(ZoneId.systemDefault()));
            if (properties.probe()) agent.probe();
        });
    }

    /** The simulator needs no probe. */
    private static boolean isElsewhere(OpenAiProperties properties, Environment environment) {
        String provider = environment.getProperty(PROVIDER, "auto");
        return provider.equals("openai")
                || (provider.equals("auto") && !apiKey(properties, environment).isEmpty());
    }

    @Bean
    MeterBinder agentUsageMeters(ObjectProvider<OpenAiVoiceAgent> agents) {
        return registry -> agents.ifAvailable(agent -> agent.usage().bindTo(registry));
    }

    /** Where a simulator of another process is looked for when {@code firefly.simulator.enabled} is false. */
    static URI elsewhere(Environment environment) {
        return URI.create("ws://127.0.0.1:" + environment.getProperty("firefly.simulator.port", "8086") + "/v1");
    }

    /** @param who who answers and why, for people */
    record Chosen(OpenAiProperties settings, String who) {}

    static Chosen chosen(OpenAiProperties properties, Environment environment, URI simulator) {
        String key = apiKey(properties, environment);
        String provider = environment.getProperty(PROVIDER, "auto");
        return switch (provider) {
            case "openai" -> openAi(properties, key);
            case "simulator" -> simulator(properties, simulator, PROVIDER + "=simulator");
            case "auto" ->
                key.isEmpty()
                        ? simulator(properties, simulator, "there is no OPENAI_API_KEY")
                        : openAi(properties, key);
            default ->
                throw new IllegalArgumentException(
                        PROVIDER + " must be auto, openai, simulator or pipeline, not '" + provider + "'");
        };
    }

    private static Chosen openAi(OpenAiProperties properties, String key) {
        if (key.isEmpty() && properties.dialect() != Dialect.COMPATIBLE) {
            throw new IllegalArgumentException(
                    PROVIDER + "=openai needs a key: set firefly.openai.api-key, api-key-file or OPENAI_API_KEY");
        }
        URI url = properties.baseUrl();
        if (url.getScheme().equals("ws") && !url.getHost().matches("127\\..*|localhost|\\[::1]")) {
            log.warn("firefly.openai.base-url {} is not encrypted: the API key and every word travel in clear", url);
        }
        String who =
                switch (properties.dialect()) {
                    case OPENAI -> "OpenAI Realtime, ";
                    case AZURE -> "Azure OpenAI, ";
                    case COMPATIBLE -> url.getHost() + ", ";
                };
        return new Chosen(properties.at(url, key), who + properties.model());
    }

    private static Chosen simulator(OpenAiProperties properties, URI url, String because) {
        return new Chosen(properties.simulated(url, "sk-simulator"), "the local simulator, because " + because);
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
