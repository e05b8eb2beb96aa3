package io.firefly.voip.sip;

import gov.nist.core.LogLevels;
import gov.nist.core.ServerLogger;
import gov.nist.core.StackLogger;
import gov.nist.core.net.NetworkLayer;
import gov.nist.javax.sip.SipStackImpl;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.MessageParserFactory;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import gov.nist.javax.sip.stack.DefaultRouter;
import gov.nist.javax.sip.stack.SIPStackTimerTask;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.timers.SipTimer;
import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.header.HeaderSyntaxException;
import io.firefly.voip.sip.valve.Connections;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sip.SipException;
import javax.sip.SipStack;
import javax.sip.address.Hop;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What JAIN-SIP calls from the inside. Public where it builds the object by its class name. */
public final class StackPlugs {
    private static final Logger LOG = LoggerFactory.getLogger("io.firefly.voip.sip.stack");

    private StackPlugs() {}

    /** What the stack is told at its start; it builds our parts by their names. */
    static Properties settings(SipProperties.Limits limits) {
        Properties settings = new Properties();
        String own = "gov.nist.javax.sip.";
        settings.setProperty("javax.sip.STACK_NAME", "firefly-" + UUID.randomUUID());
        settings.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", "off");
        settings.setProperty(own + "AUTOMATIC_DIALOG_ERROR_HANDLING", "false");
        settings.setProperty(own + "STACK_LOGGER", StackLog.class.getName());
        settings.setProperty(own + "SERVER_LOGGER", TrafficLog.class.getName());
        settings.setProperty(own + "LOG_MESSAGE_CONTENT", "false");
        // One parser thread for UDP keeps the order of arrival (INVITE before CANCEL, ACK before BYE); it parses more
        // messages a second than calls will ever need, and hands them over without waiting.
        settings.setProperty(own + "THREAD_POOL_SIZE", "1");
        settings.setProperty(own + "REENTRANT_LISTENER", "true");
        settings.setProperty(own + "THREAD_PRIORITY", String.valueOf(Thread.NORM_PRIORITY));
        settings.setProperty(own + "TIMER_CLASS_NAME", StackTimer.class.getName());
        // One more than allowed: a datagram of just that size was cut, and hears 513.
        settings.setProperty(own + "MAX_MESSAGE_SIZE", String.valueOf(limits.messageBytes() + 1));
        settings.setProperty(own + "RECEIVE_UDP_BUFFER_SIZE", "1048576");
        settings.setProperty(own + "SEND_UDP_BUFFER_SIZE", "1048576");
        settings.setProperty(own + "MAX_SERVER_TRANSACTIONS", String.valueOf(limits.transactions()));
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

    /**
     * A parser that survives every input and remembers the header lines as they were sent (application data of the
     * message).
     */
    static final class SafeParser extends StringMsgParser {
        private final int maxBytes;

        SafeParser(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        static MessageParserFactory factory(int maxBytes) {
            return new MessageParserFactory() {
                @Override
                public MessageParser createMessageParser(SIPTransactionStack stack) {
                    return new SafeParser(maxBytes);
                }
            };
        }

        /** JAIN-SIP catches Exception only: an Error in here would end the thread and leave the stack deaf. */
        @Override
        public @Nullable SIPMessage parseSIPMessage(
                byte[] bytes, boolean readBody, boolean strict, @Nullable ParseExceptionListener listener)
                throws ParseException {
            if (isKeepAlive(bytes)) return null;
            boolean cut = bytes.length > maxBytes;
            try {
                byte[] whole = cut ? wholeHeaders(bytes) : bytes;
                HeaderLines lines = cut ? HeaderLines.parseCut(whole) : HeaderLines.parse(whole);
                byte[] complete = withPlaceholders(whole, lines);
                SIPMessage message = super.parseSIPMessage(complete, readBody && !cut, strict, listener);
                if (message != null) message.setApplicationData(lines);
                return message;
            } catch (ParseException | HeaderSyntaxException | RuntimeException | StackOverflowError malformed) {
                LOG.debug("Malformed message: {}", malformed.toString());
                throw new ParseException("Malformed message", 0);
            }
        }

        /** The header lines as they were sent; of a message from ourselves, as we would send them. */
        static HeaderLines linesOf(SIPMessage message) {
            if (message.getApplicationData() instanceof HeaderLines lines) return lines;
            try {
                HeaderLines lines = HeaderLines.parse(message.encode().getBytes(StandardCharsets.UTF_8));
                message.setApplicationData(lines);
                return lines;
            } catch (HeaderSyntaxException ours) {
                throw new IllegalStateException(ours);
            }
        }

        /** The headers of a message that was cut somewhere, so that a request can be answered. */
        private static byte[] wholeHeaders(byte[] bytes) throws ParseException {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) end = text.lastIndexOf("\r\n");
            if (end < 0 || text.startsWith("SIP/")) throw new ParseException("Message too large", 0);
            return (text.substring(0, end) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }

        private static boolean isKeepAlive(byte[] bytes) {
            for (byte b : bytes) {
                if (b != '\r' && b != '\n' && b != 0) return false;
            }
            return true;
        }

        /**
         * The stack drops a request without one of the headers that a response needs. With placeholders it reaches our
         * valve, which answers 400; {@link HeaderLines#missing()} still knows.
         */
        private static byte[] withPlaceholders(byte[] bytes, HeaderLines lines) {
            List<String> missing = lines.missing();
            if (missing.isEmpty()
                    || missing.contains("via")
                    || lines.startLine().startsWith("SIP/")) return bytes;
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n") + 2;
            if (end < 2) return bytes;
            StringBuilder placeholders = new StringBuilder();
            if (missing.contains("from")) placeholders.append("From: <sip:missing@invalid>\r\n");
            if (missing.contains("to")) placeholders.append("To: <sip:missing@invalid>\r\n");
            if (missing.contains("call-id")) placeholders.append("Call-ID: missing\r\n");
            if (missing.contains("cseq"))
                placeholders.append("CSeq: 1 " + lines.startLine().split(" ", 2)[0] + "\r\n");
            return (text.substring(0, end) + placeholders + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Sends a request where its application data says, else where the stack's own rules lead. */
    static final class FlowRouter extends DefaultRouter {
        FlowRouter(SipStack stack) {
            super(stack, null);
        }

        @Override
        public Hop getNextHop(Request request) throws SipException {
            if (((SIPMessage) request).getApplicationData() instanceof Hop hop) return hop;
            return super.getNextHop(request);
        }
    }

    /** The stack's sockets, the listening ones with bounds: its own limit stops accepting for everybody instead. */
    static NetworkLayer bounded(NetworkLayer plain, Connections connections) {
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

    /** The stack's timers on one thread, which ends when the stack does: its own waits for its last task. */
    public static final class StackTimer implements SipTimer {
        private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sip-stack-timer");
            thread.setDaemon(true);
            return thread;
        });

        @Override
        public void start(SipStackImpl stack, Properties settings) {
            executor.setRemoveOnCancelPolicy(true);
        }

        @Override
        public void stop() {
            executor.shutdownNow();
        }

        @Override
        public boolean isStarted() {
            return !executor.isShutdown();
        }

        @Override
        public boolean schedule(SIPStackTimerTask task, long delayMillis) {
            task.setSipTimerTask(executor.schedule(() -> run(task), delayMillis, TimeUnit.MILLISECONDS));
            return true;
        }

        @Override
        public boolean scheduleWithFixedDelay(SIPStackTimerTask task, long delayMillis, long periodMillis) {
            task.setSipTimerTask(
                    executor.scheduleWithFixedDelay(() -> run(task), delayMillis, periodMillis, TimeUnit.MILLISECONDS));
            return true;
        }

        @Override
        public boolean cancel(SIPStackTimerTask task) {
            if (!(task.getSipTimerTask() instanceof Future<?> timed)) return false;
            task.cleanUpBeforeCancel();
            task.setSipTimerTask(null);
            return timed.cancel(false);
        }

        private static void run(SIPStackTimerTask task) {
            try {
                task.runTask();
            } catch (RuntimeException failure) {
                LOG.debug("SIP timer", failure);
            }
        }
    }

    /** The stack's log over SLF4J: its errors are mostly a peer's mistakes, so they are told at DEBUG. */
    public static final class StackLog implements StackLogger {
        @Override
        public void logStackTrace() {
            // A trace per message tells nothing that the message does not.
        }

        @Override
        public void logStackTrace(int level) {
            logStackTrace();
        }

        @Override
        public int getLineCount() {
            return 0;
        }

        @Override
        public void logException(Throwable failure) {
            LOG.debug("JAIN-SIP", failure);
        }

        @Override
        public void logDebug(String message) {
            LOG.trace(message);
        }

        @Override
        public void logDebug(String message, Exception failure) {
            LOG.trace(message, failure);
        }

        @Override
        public void logTrace(String message) {
            LOG.trace(message);
        }

        @Override
        public void logFatalError(String message) {
            LOG.error(message);
        }

        @Override
        public void logError(String message) {
            LOG.debug(message);
        }

        @Override
        public void logError(String message, Exception failure) {
            LOG.debug(message, failure);
        }

        @Override
        public void logWarning(String message) {
            LOG.debug(message);
        }

        @Override
        public void logInfo(String message) {
            LOG.debug(message);
        }

        @Override
        public boolean isLoggingEnabled() {
            return LOG.isDebugEnabled();
        }

        @Override
        public boolean isLoggingEnabled(int level) {
            return level >= LogLevels.TRACE_DEBUG ? LOG.isTraceEnabled() : LOG.isDebugEnabled();
        }

        @Override
        public void disableLogging() {
            // SLF4J decides.
        }

        @Override
        public void enableLogging() {
            // SLF4J decides.
        }

        @Override
        public void setBuildTimeStamp(String buildTimeStamp) {
            // Nothing to remember.
        }

        @Override
        public void setStackProperties(Properties properties) {
            // Nothing to configure.
        }

        @Override
        public String getLoggerName() {
            return LOG.getName();
        }
    }

    /** First lines only: bodies and credentials never get into a log. */
    public static final class TrafficLog implements ServerLogger {
        @Override
        public void closeLogFile() {
            // There is no file.
        }

        @Override
        public void logMessage(SIPMessage message, String from, String to, boolean sender, long time) {
            if (LOG.isTraceEnabled()) LOG.trace("{} > {}: {}", from, to, message.getFirstLine());
        }

        @Override
        public void logMessage(SIPMessage message, String from, String to, String status, boolean sender, long time) {
            logMessage(message, from, to, sender, time);
        }

        @Override
        public void logMessage(SIPMessage message, String from, String to, String status, boolean sender) {
            logMessage(message, from, to, sender, 0);
        }

        @Override
        public void logException(Exception failure) {
            LOG.debug("JAIN-SIP", failure);
        }

        @Override
        public void setStackProperties(Properties properties) {
            // Nothing to configure.
        }

        @Override
        public void setSipStack(SipStack stack) {
            // Nothing is asked of it.
        }
    }
}
