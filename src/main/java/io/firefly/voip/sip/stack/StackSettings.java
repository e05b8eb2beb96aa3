package io.firefly.voip.sip.stack;

import gov.nist.core.net.NetworkLayer;
import io.firefly.voip.sip.valve.Connections;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.Properties;
import java.util.UUID;

/** What the stack is told, and which sockets it gets. */
public final class StackSettings {
    private StackSettings() {}

    /** What the stack is told at its start; it builds our parts by their names. */
    public static Properties of(int messageBytes, int transactions) {
        Properties settings = new Properties();
        String own = "gov.nist.javax.sip.";
        settings.setProperty("javax.sip.STACK_NAME", "firefly-" + UUID.randomUUID());
        settings.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", "off");
        settings.setProperty(own + "AUTOMATIC_DIALOG_ERROR_HANDLING", "false");
        settings.setProperty(own + "STACK_LOGGER", StackLog.class.getName());
        settings.setProperty(own + "SERVER_LOGGER", TrafficLog.class.getName());
        settings.setProperty(own + "LOG_MESSAGE_CONTENT", "false");
        // One thread reads and parses UDP: that keeps the order of arrival (INVITE before CANCEL, ACK before BYE). It
        // parses more messages a second than calls will ever need, and waits for nobody.
        settings.setProperty(own + "MESSAGE_PROCESSOR_FACTORY", UdpDoor.class.getName());
        settings.setProperty(own + "THREAD_POOL_SIZE", "1");
        settings.setProperty(own + "CONGESTION_CONTROL_TIMEOUT", "0");
        settings.setProperty(own + "REENTRANT_LISTENER", "true");
        settings.setProperty(own + "THREAD_PRIORITY", String.valueOf(Thread.NORM_PRIORITY));
        settings.setProperty(own + "TIMER_CLASS_NAME", StackTimer.class.getName());
        // One more than allowed: a datagram of just that size was cut, and hears 513.
        settings.setProperty(own + "MAX_MESSAGE_SIZE", String.valueOf(messageBytes + 1));
        settings.setProperty(own + "RECEIVE_UDP_BUFFER_SIZE", "1048576");
        settings.setProperty(own + "SEND_UDP_BUFFER_SIZE", "1048576");
        settings.setProperty(own + "MAX_SERVER_TRANSACTIONS", String.valueOf(transactions));
        settings.setProperty(own + "RELEASE_REFERENCES_STRATEGY", "None");
        settings.setProperty(own + "READ_TIMEOUT", "10000");
        settings.setProperty(own + "CONNECTION_TIMEOUT", "3000");
        settings.setProperty(own + "SSL_HANDSHAKE_TIMEOUT", "5000");
        settings.setProperty(own + "SSL_RENEGOTIATION_ENABLED", "false");
        settings.setProperty(own + "TLS_CLIENT_PROTOCOLS", "TLSv1.3,TLSv1.2");
        settings.setProperty(own + "MAX_LISTENER_RESPONSE_TIME", "10");
        settings.setProperty(own + "MAX_TX_LIFETIME_INVITE", "300");
        settings.setProperty(own + "MAX_TX_LIFETIME_NON_INVITE", "40");
        settings.setProperty(own + "ALWAYS_ADD_RPORT", "true");
        settings.setProperty(own + "MIN_KEEPALIVE_TIME_SECONDS", "10");
        settings.setProperty(own + "DELIVER_UNSOLICITED_NOTIFY", "true");
        settings.setProperty(own + "RFC_2543_SUPPORT_ENABLED", "false");
        settings.setProperty(own + "IS_BACK_TO_BACK_USER_AGENT", "false");
        return settings;
    }

    /** The stack's sockets, the listening ones with bounds: its own limit stops accepting for everybody instead. */
    public static NetworkLayer bounded(NetworkLayer plain, Connections connections) {
        return (NetworkLayer) Proxy.newProxyInstance(
                NetworkLayer.class.getClassLoader(), new Class<?>[] {NetworkLayer.class}, (proxy, method, args) -> {
                    if (method.getName().equals("createServerSocket"))
                        return connections.listen((int) args[0], (int) args[1], (InetAddress) args[2]);
                    try {
                        return method.invoke(plain, args);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
