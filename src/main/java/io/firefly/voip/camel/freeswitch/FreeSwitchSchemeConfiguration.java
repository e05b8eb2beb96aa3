package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.camel.check.SchemeOnTrial;
import io.firefly.voip.camel.freeswitch.board.Switchboard;
import io.firefly.voip.camel.freeswitch.esl.EslLink;
import io.firefly.voip.camel.freeswitch.esl.EslTiming;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.tenant.plan.NetworkPlan.Network;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

@Configuration(proxyBeanMethods = false)
class FreeSwitchSchemeConfiguration {
    /** A component belongs to one Camel context: whoever looks it up, the dry run of a route file too, gets a new one. */
    @Bean("freeswitch")
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    FreeSwitchComponent freeswitch(ObjectProvider<Switchboard> board) {
        return FreeSwitchComponent.serving(board.getIfAvailable());
    }

    @Bean
    SchemeOnTrial freeswitchOnTrial(ObjectProvider<Switchboard> board) {
        return SchemeOnTrial.of("freeswitch", () -> FreeSwitchComponent.serving(board.getIfAvailable()));
    }

    private static final Logger LOG = LoggerFactory.getLogger(FreeSwitchSchemeConfiguration.class);
    private static final int MAX_EVENTS = 10_000;

    private static boolean isEngine(Environment settings) {
        return "freeswitch".equalsIgnoreCase(settings.getProperty("firefly.media.engine"));
    }

    private static boolean isBound(Environment settings, String key, Bindable<?> as) {
        return Binder.get(settings).bind(key, as).isBound();
    }

    /** Who has no FreeSWITCH does not even load the classes. */
    static final class NamedInConfiguration implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment settings = context.getEnvironment();
            return isEngine(settings)
                    || isBound(settings, "firefly.freeswitch.listen", Bindable.of(String.class))
                    || isBound(settings, "firefly.freeswitch.nodes", Bindable.listOf(FreeSwitchProperties.Node.class));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional(NamedInConfiguration.class)
    static class SwitchesConfiguration {
        @Bean(destroyMethod = "close")
        Switchboard switchboard(
                FreeSwitchProperties properties, Environment settings, ObjectProvider<MeterRegistry> meters) {
            boolean listens = isEngine(settings) || properties.listen() != null;
            if (!isEngine(settings) && listens)
                LOG.warn("firefly.freeswitch.listen is set, but firefly.media.engine is not freeswitch:"
                        + " calls that are handed over will have no sound");
            EslLink.Clockwork clockwork = new EslLink.Clockwork(EslTiming.NORMAL, took -> {
                MeterRegistry registry = meters.getIfAvailable();
                if (registry != null) registry.timer("firefly.freeswitch.reply").record(took);
            });
            return new Switchboard(properties, listens, clockwork, trusted(settings), MAX_EVENTS);
        }

        /** The networks that the SIP door believes, too. */
        private static Predicate<InetAddress> trusted(Environment settings) {
            List<Network> networks = Binder.get(settings)
                    .bind("firefly.sip.trusted-addresses", Bindable.listOf(String.class))
                    .orElse(List.of())
                    .stream()
                    .map(Network::parse)
                    .filter(Objects::nonNull)
                    .toList();
            return address -> {
                Network one = Network.parse(address.getHostAddress());
                return one != null && networks.stream().anyMatch(network -> network.covers(one));
            };
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

        @Bean
        MeterBinder freeswitchMeters(Switchboard board) {
            return registry -> {
                Timer.builder("firefly.freeswitch.reply")
                        .description("how long FreeSWITCH took to reply to a command")
                        .register(registry);
                gauge(registry, board, "queue", "events that wait for a worker", figures -> figures.waiting());
                gauge(registry, board, "sessions", "calls that FreeSWITCH handed to us", figures -> figures.handed());
                gauge(registry, board, "sockets", "event sockets that FreeSWITCH opened", figures -> figures.sockets());
                counter(registry, board, "dropped", "events that were too many", figures -> figures.dropped());
                counter(
                        registry,
                        board,
                        "refused",
                        "calls that were too many or nobody's",
                        figures -> figures.refused());
                for (String node : board.names()) ofNode(registry, board, node);
            };
        }

        private static void gauge(
                MeterRegistry registry,
                Switchboard board,
                String name,
                String description,
                ToDoubleFunction<Switchboard.Figures> value) {
            Gauge.builder("firefly.freeswitch." + name, board, all -> value.applyAsDouble(all.figures()))
                    .description(description)
                    .register(registry);
        }

        private static void counter(
                MeterRegistry registry,
                Switchboard board,
                String name,
                String description,
                ToDoubleFunction<Switchboard.Figures> value) {
            FunctionCounter.builder("firefly.freeswitch." + name, board, all -> value.applyAsDouble(all.figures()))
                    .description(description)
                    .register(registry);
        }

        private static void ofNode(MeterRegistry registry, Switchboard board, String node) {
            Tags tags = Tags.of("node", node);
            Gauge.builder("firefly.freeswitch.up", board, all -> of(all, node, figures -> figures.up() ? 1 : 0))
                    .tags(tags)
                    .description("1 when its event socket stands")
                    .register(registry);
            Gauge.builder("firefly.freeswitch.channels", board, all -> of(all, node, figures -> figures.sessions()))
                    .tags(tags)
                    .description("channels of everybody, as its last heartbeat said")
                    .register(registry);
            Gauge.builder("firefly.freeswitch.unanswered", board, all -> of(all, node, figures -> figures.unanswered()))
                    .tags(tags)
                    .description("commands without a reply")
                    .register(registry);
            FunctionCounter.builder(
                            "firefly.freeswitch.reconnects",
                            board,
                            all -> of(all, node, figures -> figures.reconnects()))
                    .tags(tags)
                    .description("times its event socket was there again")
                    .register(registry);
        }

        private static double of(Switchboard board, String node, ToDoubleFunction<Switchboard.NodeFigures> value) {
            return board.nodeFigures().stream()
                    .filter(figures -> figures.name().equals(node))
                    .mapToDouble(value)
                    .findFirst()
                    .orElse(0);
        }
    }
}
