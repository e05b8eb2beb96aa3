package io.firefly.voip.ops.management;

import jakarta.servlet.http.HttpServletRequest;
import org.jolokia.server.core.service.api.Restrictor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.savedrequest.NullRequestCache;

/** The login in front of the management port. What comes in at {@code server.port} is not touched. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ManagementProperties.class)
class ManagementSecurityConfiguration {
    private static final String LIVENESS = "/actuator/health/liveness";

    /** Of {@code server.port}; 0 until that server listens. */
    private volatile int openPort;

    @EventListener
    void serverStarted(ServletWebServerInitializedEvent started) {
        if (started.getApplicationContext().getServerNamespace() == null) {
            openPort = started.getWebServer().getPort();
        }
    }

    @Bean
    ManagementLogin managementLogin(ManagementProperties settings, Environment environment) {
        return ManagementLogin.of(settings, environment.acceptsProfiles(Profiles.of("prod")));
    }

    @Bean
    LoginThrottle loginThrottle(ManagementLogin login) {
        return new LoginThrottle(login, System::nanoTime);
    }

    /** Found by Jolokia as a bean. */
    @Bean
    Restrictor jolokiaPolicy() {
        return new JolokiaPolicy();
    }

    @Bean
    SecurityFilterChain managementSecurity(HttpSecurity http, LoginThrottle login, ManagementLogin who)
            throws Exception {
        // Hawtio's pages read the token from the cookie and send it back as a header.
        CsrfTokenRequestAttributeHandler plainToken = new CsrfTokenRequestAttributeHandler();
        plainToken.setCsrfRequestAttributeName(null);
        return http.securityMatcher(this::isGuarded)
                .authenticationProvider(login)
                .authorizeHttpRequests(requests -> requests.requestMatchers(LIVENESS)
                        .permitAll()
                        .anyRequest()
                        .hasRole(LoginThrottle.ROLE))
                .addFilterBefore(new SameOrigin(), SecurityContextHolderFilter.class)
                .httpBasic(basic -> basic.realmName("Firefly"))
                .formLogin(form -> form.defaultSuccessUrl(who.showsHawtio() ? "/actuator/hawtio/" : "/actuator", true))
                .logout(Customizer.withDefaults())
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                        .csrfTokenRequestHandler(plainToken)
                        .ignoringRequestMatchers(SameOrigin::isProgram))
                .build();
    }

    /** In doubt it is: only what came in at the other port is free, and the actuator nowhere. */
    private boolean isGuarded(HttpServletRequest request) {
        return request.getLocalPort() != openPort || request.getRequestURI().startsWith("/actuator");
    }
}
