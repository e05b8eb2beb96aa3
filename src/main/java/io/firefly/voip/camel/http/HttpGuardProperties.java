package io.firefly.voip.camel.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What routes may ask over HTTP.
 *
 * @param allowedHosts public hosts, by https: {@code api.example.com}, {@code *.example.com}; none by default
 * @param internalHosts hosts of the own network, whose addresses may be private, by http or https; exact names only
 * @param connectTimeout until the connection and its TLS stand
 * @param answerTimeout between two pieces of the answer
 * @param maxAnswerBytes of an answer, unpacked; more is an error
 * @param connections open at the same time, over all routes
 */
@ConfigurationProperties(prefix = "firefly.http", ignoreUnknownFields = false)
record HttpGuardProperties(
        @DefaultValue({}) List<String> allowedHosts,
        @DefaultValue({}) List<String> internalHosts,
        @DefaultValue("3s") Duration connectTimeout,
        @DefaultValue("5s") Duration answerTimeout,
        @DefaultValue("1000000") int maxAnswerBytes,
        @DefaultValue("50") int connections) {
    private static final String NAME = "[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?|\\[[0-9a-f:.]+]";

    HttpGuardProperties {
        allowedHosts = lower(allowedHosts);
        internalHosts = lower(internalHosts);
        for (String host : allowedHosts) {
            require(
                    host.replaceFirst("^\\*\\.", "").matches(NAME) && host.contains("."),
                    "allowed-hosts",
                    host,
                    "a host such as api.example.com or *.example.com, without https:// and without a port");
        }
        for (String host : internalHosts) {
            require(host.matches(NAME), "internal-hosts", host, "a host such as crm.internal, without a port");
        }
        require(isWithin(connectTimeout, 60), "connect-timeout", connectTimeout, "1ms to 60s");
        require(isWithin(answerTimeout, 120), "answer-timeout", answerTimeout, "1ms to 120s");
        require(
                maxAnswerBytes >= 1 && maxAnswerBytes <= 100_000_000,
                "max-answer-bytes",
                maxAnswerBytes,
                "1 to 100000000");
        require(connections >= 1 && connections <= 1_000, "connections", connections, "1 to 1000");
    }

    private static List<String> lower(List<String> hosts) {
        return hosts.stream().map(host -> host.strip().toLowerCase(Locale.ROOT)).toList();
    }

    private static boolean isWithin(Duration duration, long mostSeconds) {
        return duration.toMillis() >= 1 && duration.toSeconds() <= mostSeconds;
    }

    private static void require(boolean condition, String key, Object value, String allowed) {
        if (!condition) throw new IllegalArgumentException("firefly.http." + key + " = " + value + ": " + allowed);
    }
}
