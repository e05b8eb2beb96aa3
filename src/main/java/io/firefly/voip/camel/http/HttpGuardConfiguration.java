package io.firefly.voip.camel.http;

import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Made when the first route wants it: an exchange without such routes pays nothing. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpGuardProperties.class)
class HttpGuardConfiguration {
    @Bean("https")
    @Lazy
    HttpComponent https(HttpGuardProperties settings) {
        return guarded(settings, new HttpGuard(settings));
    }

    @Bean("http")
    @Lazy
    HttpComponent http(HttpGuardProperties settings) {
        return guarded(settings, new HttpGuard(settings));
    }

    static HttpComponent guarded(HttpGuardProperties settings, HttpGuard guard) {
        HttpComponent component = new HttpComponent();
        component.setClientConnectionManager(connections(settings, guard));
        component.setHttpClientConfigurer(client -> client.addExecInterceptorFirst("firefly", guard));
        component.setRedirectHandlingDisabled(true);
        component.setFollowRedirects(false);
        component.setCookieManagementDisabled(true);
        component.setAuthCachingDisabled(true);
        component.setAutomaticRetriesDisabled(true);
        component.setUseSystemProperties(false);
        component.setConnectionRequestTimeout(settings.connectTimeout().toMillis());
        component.setConnectTimeout(settings.connectTimeout().toMillis());
        component.setResponseTimeout(settings.answerTimeout().toMillis());
        component.setSoTimeout(settings.answerTimeout().toMillis());
        return component;
    }

    private static PoolingHttpClientConnectionManager connections(HttpGuardProperties settings, HttpGuard guard) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(guard)
                .setMaxConnTotal(settings.connections())
                .setMaxConnPerRoute(Math.max(1, settings.connections() / 2))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                        .setSocketTimeout(Timeout.of(settings.answerTimeout()))
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        .build())
                .build();
    }
}
