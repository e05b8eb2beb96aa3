package io.firefly.voip.camel.websocket;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All sockets under one name, such as {@code client/agent}, and the one route that hears them. Outlives a reload of the
 * route: the sockets wait, paused, until it is back.
 */
final class SocketGroup {
    private static final int SERVICE_RESTART = 1012;

    private final String name;
    private final Websockets sockets;
    private final Set<LiveSocket> members = ConcurrentHashMap.newKeySet();
    private volatile @Nullable WebsocketConsumer route;
    private volatile WebsocketEndpoint.Options options;
    private volatile boolean served;
    private long holdTimer = -1;

    SocketGroup(String name, Websockets sockets, WebsocketEndpoint.Options options) {
        this.name = name;
        this.sockets = sockets;
        this.options = options;
    }

    Websockets sockets() {
        return sockets;
    }

    /** Null while the route is being reloaded. */
    @Nullable
    WebsocketConsumer route() {
        return route;
    }

    WebsocketEndpoint.Options options() {
        return options;
    }

    String name() {
        return name;
    }

    /** Whether a route hears the sockets, or will soon again. */
    boolean isServed() {
        return served;
    }

    boolean isFull() {
        return members.size() >= options.maxSockets();
    }

    int size() {
        return members.size();
    }

    synchronized void attach(WebsocketConsumer consumer) {
        WebsocketConsumer other = route;
        if (other != null && other != consumer) {
            throw new IllegalStateException("route '" + other.getRouteId() + "' begins with websocket:" + name
                    + " already; only one route may hear these sockets");
        }
        sockets.vertx().cancelTimer(holdTimer);
        options = consumer.options();
        route = consumer;
        served = true;
        members.forEach(LiveSocket::routeIsBack);
    }

    /** The route stops; {@code afterHold} runs when it did not come back in time. */
    synchronized void detach(WebsocketConsumer consumer, Runnable afterHold) {
        if (route != consumer) return;
        route = null;
        long holdMillis = sockets.settings().hold().toMillis();
        holdTimer = sockets.vertx().setTimer(Math.max(1, holdMillis), timer -> {
            if (giveUp()) afterHold.run();
        });
    }

    private synchronized boolean giveUp() {
        if (route != null) return false;
        served = false;
        members.forEach(socket -> socket.abandon(SERVICE_RESTART, "nobody serves " + name + " any more"));
        return true;
    }

    /** False when the group is full. */
    boolean add(LiveSocket socket) {
        return !isFull() && members.add(socket);
    }

    void remove(LiveSocket socket) {
        members.remove(socket);
    }

    void closeAll(int code, String reason) {
        members.forEach(socket -> socket.abandon(code, reason));
    }

    @Override
    public String toString() {
        return "websocket:" + name;
    }
}
