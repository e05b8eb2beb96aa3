package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.camel.freeswitch.esl.EslTiming;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

@Configuration(proxyBeanMethods = false)
class FreeSwitchSchemeConfiguration {
    /** Who has no FreeSWITCH does not even load the classes. */
    static final class Wanted implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment settings = context.getEnvironment();
            return "freeswitch".equalsIgnoreCase(settings.getProperty("firefly.media.engine"))
                    || Binder.get(settings)
                            .bind("firefly.freeswitch.listen", String.class)
                            .isBound()
                    || Binder.get(settings)
                            .bind("firefly.freeswitch.nodes", Bindable.listOf(FreeSwitchProperties.Node.class))
                            .isBound();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional(Wanted.class)
    static class SwitchesConfiguration {
        @Bean(destroyMethod = "close")
        Switchboard switchboard(FreeSwitchProperties settings, ObjectProvider<MeterRegistry> meters) {
            return new Switchboard(settings, EslTiming.NORMAL, took -> {
                MeterRegistry registry = meters.getIfAvailable();
                if (registry != null)
                    Timer.builder("firefly.freeswitch.reply")
                            .description("how long FreeSWITCH took to reply to a command")
                            .register(registry)
                            .record(took);
            });
        }

        @Bean
        SwitchFabric switchFabric(Switchboard switchboard) {
            return switchboard.fabric();
        }

        /** When Camel runs and routes wait for calls. */
        @Bean
        ApplicationListener<ApplicationStartedEvent> switchboardStart(
                Switchboard switchboard, ObjectProvider<CamelContext> camel) {
            return started -> switchboard.start(camel.getObject());
        }
    }
}
