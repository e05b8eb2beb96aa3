package io.firefly.voip.camel.freeswitch.audio;

import io.firefly.voip.camel.websocket.WebsocketComponent;
import io.firefly.voip.camel.websocket.WebsocketProperties;
import io.firefly.voip.camel.websocket.Websockets;
import io.firefly.voip.media.freeswitch.fork.ForkDoor;
import io.firefly.voip.media.freeswitch.fork.ForkProperties;
import io.firefly.voip.media.freeswitch.fork.ForkProperties.Playout;
import io.firefly.voip.media.freeswitch.fork.ForkTransport;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;

/** The transport behind real websockets and the route as it is shipped. */
final class AudioRig implements AutoCloseable {
    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final Websockets sockets = new Websockets(
            vertx, new WebsocketProperties(2, 2, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ZERO));
    final DefaultCamelContext camel = new DefaultCamelContext();
    final ForkDoor door = new ForkDoor();
    final AudioSockets audio = new AudioSockets(door, () -> camel);
    final int port;
    final ForkTransport transport;

    AudioRig() throws Exception {
        this(Playout.QUICK, Duration.ofSeconds(2));
    }

    AudioRig(Playout playout, Duration connectWithin) throws Exception {
        camel.addComponent("websocket", new WebsocketComponent(sockets));
        camel.addComponent("audio", new AudioComponent(audio));
        camel.getPropertiesComponent().addInitialProperty("firefly.freeswitch.audio", "WebSocket");
        camel.getPropertiesComponent().addInitialProperty("firefly.audio-socket.listen", "127.0.0.1:0");
        camel.getShutdownStrategy().setTimeout(2);
        camel.start();
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(
                        PluginHelper.getResourceLoader(camel).resolveResource("file:routes/audio-server.camel.yaml"));
        port = sockets.port("audio");
        transport = new ForkTransport(
                new ForkProperties("127.0.0.1:8085", "127.0.0.1:" + port, connectWithin, playout, 200), door);
    }

    @Override
    public void close() throws Exception {
        transport.close();
        camel.stop();
        sockets.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
}
