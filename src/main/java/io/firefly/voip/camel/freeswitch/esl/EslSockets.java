package io.firefly.voip.camel.freeswitch.esl;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.component.netty.ChannelHandlerFactory;
import org.apache.camel.component.netty.DefaultChannelHandlerFactory;
import org.apache.camel.component.netty.NettyComponent;
import org.apache.camel.component.netty.NettyConfiguration;
import org.apache.camel.component.netty.NettyConstants;
import org.apache.camel.component.netty.NettyEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets, as camel-netty endpoints: each message is an exchange of one of their consumers. A consumer in client
 * mode dials. It does so once: its own repetition knows no pause that grows, and waits on the thread it blocks.
 */
public final class EslSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EslSockets.class);
    private static final AttributeKey<EslConnection> CONNECTION = AttributeKey.valueOf("firefly.esl");

    private final NettyComponent netty;
    private final NioEventLoopGroup loops = new NioEventLoopGroup(2, new DefaultThreadFactory("esl-net", true));

    public EslSockets(CamelContext camel) {
        this.netty = new NettyComponent(camel);
        netty.getConfiguration().setUsingExecutorService(false);
        netty.getConfiguration().setWorkerGroup(loops);
        netty.getConfiguration().setBossGroup(loops);
        // Camel does this for the first route of a context; our consumers are none.
        PluginHelper.getUnitOfWorkFactory(camel).afterPropertiesConfigured(camel);
        ServiceHelper.startService(netty);
    }

    /** A port that is listened at. */
    interface Listening extends AutoCloseable {
        InetSocketAddress address();

        @Override
        void close();
    }

    /**
     * Connects, and waits for that.
     *
     * @param opened makes the connection of the socket, on the network's thread
     * @throws ConnectException when nobody takes it
     */
    void dial(String host, int port, Duration patience, Function<EslConnection.Socket, EslConnection> opened)
            throws ConnectException {
        try {
            NettyEndpoint endpoint = endpoint(host, port, "clientMode=true&reconnect=false", opened);
            endpoint.getConfiguration().setConnectTimeout((int) patience.toMillis());
            ServiceHelper.startService(consumer(endpoint));
        } catch (Exception e) {
            throw refused(host, port, e);
        }
    }

    private static ConnectException refused(String host, int port, Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        ConnectException refused =
                new ConnectException("cannot connect to " + host + ":" + port + ": " + cause.getMessage());
        refused.initCause(failure);
        return refused;
    }

    /** @throws IllegalStateException when the port cannot be had */
    Listening listen(String host, int port, Function<EslConnection.Socket, EslConnection> opened) {
        ChannelGroup channels = new DefaultChannelGroup("esl-server", GlobalEventExecutor.INSTANCE);
        Consumer consumer;
        try {
            NettyEndpoint endpoint = endpoint(host, port, "backlog=1024", opened);
            endpoint.getConfiguration().setChannelGroup(channels);
            consumer = consumer(endpoint);
            ServiceHelper.startService(consumer);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "cannot listen for FreeSWITCH at " + host + ":" + port + " (" + e.getMessage()
                            + "): change firefly.freeswitch.listen",
                    e);
        }
        InetSocketAddress address = channels.stream()
                .map(Channel::localAddress)
                .map(InetSocketAddress.class::cast)
                .findFirst()
                .orElseThrow();
        return new ServerPort(address, consumer);
    }

    private record ServerPort(InetSocketAddress address, Consumer consumer) implements Listening {
        @Override
        public void close() {
            ServiceHelper.stopAndShutdownService(consumer);
        }
    }

    private NettyEndpoint endpoint(
            String host, int port, String options, Function<EslConnection.Socket, EslConnection> opened)
            throws Exception {
        String uri = "netty:tcp://" + host + ":" + port + "?sync=false&allowDefaultCodec=false&" + options;
        NettyEndpoint endpoint = (NettyEndpoint) netty.createEndpoint(uri);
        NettyConfiguration configuration = endpoint.getConfiguration();
        configuration.setEncoders(List.of(new StringEncoder(StandardCharsets.UTF_8)));
        configuration.setDecoders(List.of(eachTime(EslDecoder::new), eachTime(() -> new Door(opened))));
        return endpoint;
    }

    private static Consumer consumer(NettyEndpoint endpoint) throws Exception {
        return endpoint.createConsumer(EslSockets::take);
    }

    /** Network thread. */
    private static void take(Exchange exchange) {
        ChannelHandlerContext context = exchange.getMessage()
                .getHeader(NettyConstants.NETTY_CHANNEL_HANDLER_CONTEXT, ChannelHandlerContext.class);
        EslConnection connection = context.channel().attr(CONNECTION).get();
        if (connection != null) connection.received(exchange.getMessage().getBody(EslFrame.class));
    }

    private static ChannelHandlerFactory eachTime(java.util.function.Supplier<ChannelHandler> handler) {
        return new DefaultChannelHandlerFactory() {
            @Override
            public ChannelHandler newChannelHandler() {
                return handler.get();
            }
        };
    }

    @Override
    public void close() {
        // Camel would wait for two seconds of silence.
        netty.getConfiguration().setWorkerGroup(null);
        netty.getConfiguration().setBossGroup(null);
        ServiceHelper.stopAndShutdownService(netty);
        loops.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1000);
    }

    /** Tells of the moments for which Camel has no exchange: a socket is there, it is gone, it brought nonsense. */
    private static final class Door extends ChannelInboundHandlerAdapter {
        private final Function<EslConnection.Socket, EslConnection> opened;

        Door(Function<EslConnection.Socket, EslConnection> opened) {
            this.opened = opened;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) throws Exception {
            context.channel().attr(CONNECTION).set(opened.apply(new NettySocket(context.channel())));
            super.channelActive(context);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            EslConnection connection = context.channel().attr(CONNECTION).get();
            if (connection != null) connection.disconnected();
            super.channelInactive(context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            String peer = String.valueOf(context.channel().remoteAddress());
            Throwable reason = cause.getCause() == null ? cause : cause.getCause();
            String text = cause instanceof io.netty.handler.codec.DecoderException
                    ? "sent what is no message of an event socket: " + reason.getMessage()
                    : "broke off: " + reason.getMessage();
            LOG.warn("the event socket of {} is closed: it {}", peer, text);
            EslConnection connection = context.channel().attr(CONNECTION).get();
            if (connection != null) connection.close(peer + " " + text);
            var unused = context.close();
        }
    }

    private record NettySocket(Channel channel) implements EslConnection.Socket {
        @Override
        public String peer() {
            InetSocketAddress address = (InetSocketAddress) channel.remoteAddress();
            return address == null ? "an unknown address" : address.getHostString() + ":" + address.getPort();
        }

        @Override
        public void write(String text) {
            var unused = channel.writeAndFlush(text, channel.voidPromise());
        }

        @Override
        public void close() {
            var unused = channel.close();
        }
    }
}
