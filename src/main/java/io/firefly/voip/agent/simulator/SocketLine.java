package io.firefly.voip.agent.simulator;

import io.firefly.voip.agent.simulator.wire.Line;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * A socket as the session sees it. Who does not read is not read from either.
 *
 * @param request the one it was upgraded from
 */
record SocketLine(ServerWebSocket socket, HttpServerRequest request) implements Line {
    @Override
    public void send(String frame) {
        if (socket.isClosed()) return;
        socket.writeTextMessage(frame);
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(drained -> socket.resume());
        }
    }

    @Override
    public void close(int code, String reason) {
        socket.close((short) code, reason);
    }

    @Override
    public void cut() {
        // Vert.x knows only polite ends, down to the pipeline: a reset needs the channel itself.
        Channel channel = ((ConnectionBase) request.connection()).channel();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    @Override
    public void read(boolean reading) {
        if (reading) {
            socket.resume();
        } else {
            socket.pause();
        }
    }

    @Override
    public void ping() {
        if (!socket.isClosed()) socket.writePing(Buffer.buffer("simulator"));
    }

    @Override
    public boolean congested() {
        return socket.writeQueueFull();
    }
}
