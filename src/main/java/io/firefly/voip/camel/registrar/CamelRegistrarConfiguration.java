package io.firefly.voip.camel.registrar;

import io.firefly.voip.camel.check.SchemeOnTrial;
import io.firefly.voip.registrar.DigestGuard;
import io.firefly.voip.registrar.LocationService;
import io.firefly.voip.registrar.Registrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Camel finds the component by the name of the bean, which is the scheme. */
@Configuration(proxyBeanMethods = false)
class CamelRegistrarConfiguration {
    @Bean("registrar")
    RegistrarComponent registrar(DigestGuard guard, Registrar sipRegistrar, LocationService locations) {
        return new RegistrarComponent(guard, sipRegistrar, locations);
    }

    @Bean
    SchemeOnTrial registrarOnTrial(DigestGuard guard, Registrar sipRegistrar, LocationService locations) {
        return SchemeOnTrial.of("registrar", () -> new RegistrarComponent(guard, sipRegistrar, locations));
    }
}
