package io.firefly.voip.sip;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.parser.StringMsgParser;
import gov.nist.javax.sip.stack.HopImpl;
import io.firefly.voip.sip.SipFront.Credentials;
import io.firefly.voip.sip.SipFront.Outgoing;
import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.header.HeaderSyntaxException;
import io.firefly.voip.sip.header.NameAddr;
import io.firefly.voip.sip.header.SipUri;
import io.firefly.voip.sip.header.Tokens;
import io.firefly.voip.sip.stack.SafeParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sip.ClientTransaction;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.address.Hop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends our requests and waits for their final response without a waiting thread. Threads {@code sip-client-*} connect
 * and {@code sip-names-*} look up names, so that nobody else has to wait for that.
 */
final class ClientTransactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTransactions.class);
    private static final int MAX_WAITING = 1000;
    private static final Set<String> DIALOG_ONLY = Set.of("INVITE", "ACK", "CANCEL", "BYE", "PRACK", "UPDATE");
    private static final Set<String> OWN =
            Set.of("via", "from", "max-forwards", "content-length", "content-type", "authorization", "route");
    private static final Set<String> FOR_CALLERS = Set.of(
            "allow",
            "accept",
            "contact",
            "www-authenticate",
            "proxy-authenticate",
            "authentication-info",
            "retry-after",
            "expires",
            "min-expires",
            "server",
            "user-agent",
            "supported",
            "warning",
            "reason",
            "service-route",
            "sip-etag",
            "allow-events",
            "path",
            "refer-sub",
            "date");
    private final SipTransport transport;
    private final ExecutorService executor;
    private final Names names;
    private final Set<Answer> open = ConcurrentHashMap.newKeySet();

    ClientTransactions(SipTransport transport, Names.Lookup lookup) {
        this.transport = transport;
        this.names = new Names(lookup, transport.threads("sip-names"));
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                2, 2, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), transport.threads("sip-client"));
        pool.allowCoreThreadTimeOut(true);
        this.executor = pool;
    }

    /** @return the final response; 408 when none came, 503 when the request could not be sent */
    CompletableFuture<SipResponse> send(Outgoing outgoing) {
        return send(outgoing, Tokens.newTag());
    }

    /** As {@link #send(Outgoing)}, with a From tag that is known already. */
    CompletableFuture<SipResponse> send(Outgoing outgoing, String fromTag) {
        CompletableFuture<SipResponse> result = new CompletableFuture<>();
        if (DIALOG_ONLY.contains(outgoing.method()) || !outgoing.method().matches("[A-Z]{1,20}")) {
            String sentence = outgoing.method() + " cannot be sent outside of a dialog";
            result.completeExceptionally(new IllegalArgumentException(sentence));
            return result;
        }
        Attempt first = new Attempt(outgoing, fromTag, callId(outgoing), cseq(outgoing), null);
        attempt(first, new Answer(response -> challenged(first, response, result::complete)));
        return result;
    }

    /**
     * Sends a request that is complete.
     *
     * @param hop where to, whatever the request says
     * @param otherwise where to when the name of the hop is not found in time
     * @param then hears the final response once, on any thread
     */
    void send(String requestText, Hop hop, Hop otherwise, Consumer<SipResponse> then) {
        Answer answer = new Answer(then);
        names.find(
                hop.getHost(),
                address -> execute(answer, () -> {
                    SIPRequest request = parsed(requestText);
                    request.setApplicationData(
                            address == null ? otherwise : at(address, hop.getPort(), hop.getTransport()));
                    return request;
                }));
    }

    /** Sends an ACK, which has no transaction; {@code left} when it was, or could not be, on any thread. */
    void sendAck(String ack, Hop hop, Hop otherwise, Runnable left) {
        names.find(hop.getHost(), address -> {
            Hop to = address == null ? otherwise : at(address, hop.getPort(), hop.getTransport());
            try {
                executor.execute(() -> pass(ack, to, left));
            } catch (RejectedExecutionException full) {
                left.run();
            }
        });
    }

    private void pass(String ack, Hop to, Runnable left) {
        try {
            SIPRequest request = parsed(ack);
            request.setApplicationData(to);
            transport.provider().sendRequest(request);
        } catch (ParseException | SipException | RuntimeException notSent) {
            LOG.debug("ACK not sent", notSent);
        } finally {
            left.run();
        }
    }

    Names names() {
        return names;
    }

    /** Somebody else has its final response: nobody waits for it here any more. */
    void settled(@Nullable ClientTransaction transaction) {
        if (transaction != null && transaction.getApplicationData() instanceof Answer answer) open.remove(answer);
    }

    private void attempt(Attempt attempt, Answer answer) {
        try {
            SipUri uri = SipUri.parse(attempt.outgoing().uri());
            names.find(uri.host(), address -> {
                if (address == null) answer.complete(SipResponse.of(503, "Host not found", Map.of()));
                else execute(answer, () -> request(attempt, uri, address));
            });
        } catch (HeaderSyntaxException noAddress) {
            LOG.debug("request not sent", noAddress);
            answer.complete(SipResponse.of(503, "Not sent", Map.of()));
        }
    }

    private SIPRequest request(Attempt attempt, SipUri uri, InetAddress address)
            throws HeaderSyntaxException, ParseException {
        InetSocketAddress peer = new InetSocketAddress(address, uri.portOrDefault());
        SIPRequest request = parsed(text(attempt, uri.transport(), peer));
        request.setApplicationData(at(address, peer.getPort(), uri.transport()));
        return request;
    }

    /** A response the stack received for one of our transactions; provisional ones tell us nothing. */
    static void answered(ResponseEvent event) {
        SIPResponse response = (SIPResponse) event.getResponse();
        ClientTransaction transaction = event.getClientTransaction();
        if (transaction == null || !(transaction.getApplicationData() instanceof Answer answer)) return;
        if (response.getStatusCode() < 200) return;
        HeaderLines lines = SafeParser.linesOf(response);
        byte[] content = response.getRawContent();
        answer.complete(new SipResponse(
                response.getStatusCode(),
                response.getReasonPhrase(),
                lines.only(FOR_CALLERS),
                lines.first("content-type"),
                content == null ? "" : new String(content, StandardCharsets.UTF_8)));
    }

    static void unanswered(ClientTransaction transaction, int status) {
        if (transaction.getApplicationData() instanceof Answer answer) answer.complete(SipResponse.of(status));
    }

    @Override
    public void close() {
        names.close();
        executor.shutdownNow();
        open.forEach(answer -> answer.complete(SipResponse.of(503, "Shutting down", Map.of())));
    }

    private void challenged(Attempt attempt, SipResponse response, Consumer<SipResponse> then) {
        Credentials credentials = attempt.outgoing().credentials();
        Outgoing outgoing = attempt.outgoing();
        String authorization = credentials != null && attempt.authorization() == null
                ? credentials.answer(response, outgoing.method(), outgoing.uri())
                : null;
        if (authorization == null) then.accept(response);
        else attempt(attempt.again(authorization), new Answer(then));
    }

    private void execute(Answer answer, Callable<SIPRequest> request) {
        try {
            executor.execute(() -> start(answer, request));
        } catch (RejectedExecutionException full) {
            answer.complete(SipResponse.of(503, "Too many requests waiting", Map.of()));
        }
    }

    private void start(Answer answer, Callable<SIPRequest> request) {
        try {
            ClientTransaction transaction = transport.provider().getNewClientTransaction(request.call());
            transaction.setApplicationData(answer);
            transaction.sendRequest();
        } catch (Exception notSent) {
            LOG.debug("request not sent", notSent);
            answer.complete(SipResponse.of(503, "Not sent", Map.of()));
        }
    }

    private String text(Attempt attempt, String via, InetSocketAddress peer) throws HeaderSyntaxException {
        Outgoing outgoing = attempt.outgoing();
        String us = transport.hostPort(via, peer);
        String from = outgoing.from() != null ? outgoing.from() : "sip:firefly@" + transport.host(peer);
        String fromAddress = from.contains("<") ? from : "<" + from + ">";
        NameAddr.parse(fromAddress);
        Map<String, List<String>> headers = new HashMap<>();
        outgoing.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        String toDefault = outgoing.method().equals("REGISTER") ? fromAddress : "<" + outgoing.uri() + ">";
        List<String> lines = new ArrayList<>();
        lines.add(outgoing.method() + " " + outgoing.uri() + " SIP/2.0");
        lines.add(
                "Via: SIP/2.0/" + via.toUpperCase(Locale.ROOT) + " " + us + ";branch=" + Tokens.newBranch() + ";rport");
        lines.add("Max-Forwards: 70");
        lines.add("From: " + fromAddress + ";tag=" + attempt.fromTag());
        lines.add("To: " + headers.getOrDefault("to", List.of(toDefault)).get(0));
        lines.add("Call-ID: " + attempt.callId());
        lines.add("CSeq: " + attempt.cseq() + " " + outgoing.method());
        if (!headers.containsKey("contact"))
            lines.add("Contact: <sip:" + us + (via.equals("udp") ? "" : ";transport=" + via) + ">");
        outgoing.headers().forEach((name, values) -> addOthers(lines, name, values));
        String body = outgoing.body();
        if (outgoing.contentType() != null && !body.isEmpty()) lines.add("Content-Type: " + outgoing.contentType());
        lines.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
        for (String line : lines) {
            if (line.chars().anyMatch(c -> c < ' ' && c != '\t'))
                throw new IllegalArgumentException("control character in a header");
        }
        String authorization = attempt.authorization() == null ? "" : attempt.authorization();
        return String.join("\r\n", lines) + "\r\n" + authorization + "\r\n" + body;
    }

    private static void addOthers(List<String> lines, String name, List<String> values) {
        Set<String> placed = Set.of("to", "call-id", "cseq");
        String lower = name.toLowerCase(Locale.ROOT);
        if (OWN.contains(lower) || placed.contains(lower) || !lower.matches("[a-z0-9.!%*_+`'~-]{1,64}")) return;
        values.forEach(value -> lines.add(name + ": " + value));
    }

    private static SIPRequest parsed(String text) throws ParseException {
        return (SIPRequest)
                new StringMsgParser().parseSIPMessage(text.getBytes(StandardCharsets.UTF_8), true, false, null);
    }

    /** A REGISTER that refreshes keeps its Call-ID and counts on (RFC 3261 10.2): who asks may name both. */
    private static String callId(Outgoing outgoing) {
        List<String> named = outgoing.headers().getOrDefault("Call-ID", List.of());
        return named.isEmpty() ? Tokens.newTag() + "@firefly" : named.get(0);
    }

    private static long cseq(Outgoing outgoing) {
        List<String> named = outgoing.headers().getOrDefault("CSeq", List.of());
        return named.isEmpty() ? 1 : Long.parseLong(named.get(0).trim().split(" ", 2)[0]);
    }

    static Hop hop(String host, int port, String transport) {
        return new HopImpl(host, port, transport);
    }

    private static Hop at(InetAddress address, int port, String transport) {
        return hop(address.getHostAddress(), port, transport);
    }

    /**
     * Looks up host names, which others chose and which may take long: on threads of their own, so that a slow one delays
     * only the request that needs it, and that by two seconds at most.
     */
    static final class Names implements AutoCloseable {
        private static final int THREADS = 8;
        private static final int DEADLINE_SECONDS = 2;

        /** As {@link InetAddress#getByName}. */
        interface Lookup {
            InetAddress find(String host) throws UnknownHostException;
        }

        private final Lookup lookup;
        private final ThreadPoolExecutor pool;

        Names(Lookup lookup, ThreadFactory threads) {
            this.lookup = lookup;
            this.pool = new ThreadPoolExecutor(
                    THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), threads);
            pool.allowCoreThreadTimeOut(true);
        }

        /** @param then hears null when the host was not found in time; on any thread, must not wait */
        void find(String host, Consumer<@Nullable InetAddress> then) {
            CompletableFuture<@Nullable InetAddress> found = new CompletableFuture<>();
            CompletableFuture<Void> unused = found.thenAccept(then);
            if (host.isEmpty()) found.complete(null);
            else if (host.matches("[0-9.]+|\\[.*]")) look(host, InetAddress::getByName, found);
            else lookLater(host, found);
        }

        private void lookLater(String host, CompletableFuture<@Nullable InetAddress> found) {
            try {
                pool.execute(() -> look(host, lookup, found));
                CompletableFuture<@Nullable InetAddress> unused =
                        found.completeOnTimeout(null, DEADLINE_SECONDS, TimeUnit.SECONDS);
            } catch (RejectedExecutionException tooMany) {
                found.complete(null);
            }
        }

        private static void look(String host, Lookup where, CompletableFuture<@Nullable InetAddress> found) {
            if (found.isDone()) return;
            try {
                found.complete(where.find(host));
            } catch (UnknownHostException nobody) {
                found.complete(null);
            }
        }

        @Override
        public void close() {
            pool.shutdownNow();
        }
    }

    /** Waits for the end of one transaction. */
    private final class Answer {
        private final Consumer<SipResponse> then;

        Answer(Consumer<SipResponse> then) {
            this.then = then;
            open.add(this);
        }

        void complete(SipResponse response) {
            if (open.remove(this)) then.accept(response);
        }
    }

    private record Attempt(
            Outgoing outgoing,
            String fromTag,
            String callId,
            long cseq,
            @Nullable String authorization) {
        Attempt again(String answer) {
            return new Attempt(outgoing, fromTag, callId, cseq + 1, answer);
        }
    }
}
