package io.firefly.voip.ops.jmx;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.registrar.LocationService;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.tenant.TenantBook;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Registers the MBeans when everything runs. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "spring.jmx.enabled", havingValue = "true")
class JmxConfiguration {
    private final Clock clock = Clock.systemUTC();
    private final Audit audit = new Audit(JmxConfiguration::operator);

    /** Jolokia works on the thread that passed the login; anybody else came through the JVM's own door. */
    private static String operator() {
        Authentication known = SecurityContextHolder.getContext().getAuthentication();
        return known == null ? "(local JMX)" : known.getName();
    }

    @Bean
    MBeans fireflyMBeans(MBeanServer server) {
        return new MBeans(server);
    }

    /** What is no bean of its own: Spring would show it a second time, under a name of Spring's. */
    private Sources sources(
            Environment settings,
            Supplier<CallController> calls,
            Supplier<SipFront> front,
            Supplier<TenantBook> tenants) {
        List<String> trusted = Binder.get(settings)
                .bind("firefly.sip.trusted-addresses", String[].class)
                .map(List::of)
                .orElse(List.of());
        return new Sources(trusted, calls, front, tenants, clock);
    }

    @Bean
    CallMBeans callMBeans(
            Environment settings,
            ObjectProvider<CallController> calls,
            ObjectProvider<SipFront> front,
            ObjectProvider<TenantBook> tenants,
            MBeans mbeans) {
        Sources sources = sources(settings, calls::getObject, front::getObject, tenants::getObject);
        return new CallMBeans(calls::getObject, mbeans, sources, audit, clock);
    }

    @EventListener
    void show(ApplicationReadyEvent started) {
        BeanFactory beans = started.getApplicationContext();
        MBeans mbeans = beans.getBean(MBeans.class);
        CallController calls = beans.getBean(CallController.class);
        SipFront front = beans.getBean(SipFront.class);
        LocationService locations = beans.getBean(LocationService.class);
        mbeans.register("type=Sources", beans.getBean(CallMBeans.class).sources(), SourcesMXBean.class);
        SwitchFabric fabric = beans.getBeanProvider(SwitchFabric.class).getIfAvailable();
        Node node = new Node(calls, front, fabric == null ? List.of() : fabric.nodes(), audit);
        mbeans.register("type=Node", node, NodeMXBean.class);
        mbeans.register("type=Registrations", new Registrations(locations, clock, audit), RegistrationsMXBean.class);
    }
}
