package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.call.LegDialer;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.media.freeswitch.AudioTransport;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties.Audio;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine.Parts;
import io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine.Scope;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands;
import io.firefly.voip.media.freeswitch.rtp.RtpTransport;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

/** Who carries the sound of calls. What belongs to FreeSWITCH is made only when the settings name one. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FreeSwitchProperties.class)
class FreeSwitchConfiguration {
    private static final int THREADS = 2;
    private static final String PARTS = "freeSwitchParts";
    private static final String TRANSPORT = "freeSwitchTransport";
    private static final String FREESWITCH = "freeswitch";

    private final FreeSwitchProperties settings;
    private final boolean all;
    private final boolean inUse;

    FreeSwitchConfiguration(FreeSwitchProperties settings, @Value("${firefly.media.engine:embedded}") String engine) {
        this.settings = settings;
        this.all = engine.equalsIgnoreCase(FREESWITCH);
        this.inUse = all || !settings.nodes().isEmpty() || settings.listen() != null;
        if (!all && !engine.equalsIgnoreCase("embedded")) {
            throw new IllegalArgumentException(
                    "firefly.media.engine is " + engine + ", it must be embedded or freeswitch");
        }
        if (all && settings.nodes().isEmpty()) {
            throw new IllegalArgumentException(
                    "firefly.media.engine is freeswitch, so firefly.freeswitch.nodes must name"
                            + " at least one FreeSWITCH (host, port and password of its event socket)");
        }
    }

    /** The one that calls use. */
    @Bean(destroyMethod = "")
    @Primary
    MediaEngine mediaEngine(
            @Qualifier("embeddedMediaEngine") MediaEngine embedded, ObjectProvider<FreeSwitchMediaEngine> freeSwitch) {
        return inUse ? freeSwitch.getObject() : embedded;
    }

    @Bean
    @Lazy
    FreeSwitchMediaEngine freeSwitchMediaEngine(
            SwitchFabric fabric,
            @Qualifier("embeddedMediaEngine") MediaEngine embedded,
            @Qualifier(PARTS) Parts parts) {
        return new FreeSwitchMediaEngine(fabric, parts, embedded, new Scope(all, overEmbedded()));
    }

    @Bean(PARTS)
    @Lazy
    Parts freeSwitchParts(
            NodePool pool,
            @Qualifier(TRANSPORT) Supplier<AudioTransport> transport,
            LegDesk desk,
            Strands strands,
            @Value("${firefly.media.rtp.timeout:30s}") Duration silenceTimeout) {
        return new Parts(pool, transport.get(), desk, strands, silenceTimeout);
    }

    /** No AudioTransport by itself: who looks for the one of the websocket must not find this one. */
    @Bean(TRANSPORT)
    @Lazy
    Supplier<AudioTransport> chosenTransport(
            @Qualifier("embeddedMediaEngine") MediaEngine embedded,
            LegDesk desk,
            Strands strands,
            ObjectProvider<AudioTransport> websocket) {
        if (overEmbedded()) return () -> new RtpTransport(embedded, desk, strands);
        AudioTransport found = websocket.getIfAvailable();
        if (found == null)
            throw new IllegalStateException("firefly.freeswitch.audio is websocket, and nobody offers it");
        return () -> found;
    }

    private boolean overEmbedded() {
        return settings.audio() == Audio.RTP;
    }

    @Bean
    @Lazy
    Strands freeSwitchStrands() {
        return new Strands(THREADS);
    }

    @Bean
    @Lazy
    LegDesk legDesk(
            LegDialer dialer,
            SwitchFabric fabric,
            @Value("${firefly.sip.port:5060}") int sipPort,
            @Value("${firefly.media.rtp.timeout:30s}") Duration silence)
            throws UnknownHostException {
        String instance = settings.instance();
        String name = instance != null ? instance : InetAddress.getLocalHost().getHostName() + "-" + sipPort;
        return new LegDesk(dialer, fabric, name, new LegDesk.Patience(settings.answerWithin(), silence));
    }

    @Bean
    @Lazy
    NodePool nodePool(SwitchFabric fabric) {
        return new NodePool(fabric);
    }

    @Bean(initMethod = "begin", destroyMethod = "close")
    @Lazy
    ChannelSweep channelSweep(SwitchFabric fabric, LegDesk desk, FreeSwitchMediaEngine engine, Strands strands) {
        return new ChannelSweep(fabric, desk, engine::carries, strands.any());
    }

    /** Also the one who wants the sweep to run. */
    @Bean
    MeterBinder freeSwitchCallMeters(ObjectProvider<NodePool> pool, ObjectProvider<ChannelSweep> sweep) {
        return inUse ? new FreeSwitchMeters(pool.getObject(), sweep.getObject()) : registry -> {};
    }
}
