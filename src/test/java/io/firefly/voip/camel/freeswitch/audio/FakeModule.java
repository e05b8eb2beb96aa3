package io.firefly.voip.camel.freeswitch.audio;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A channel with mod_audio_fork as it was recorded: the same order, handshake, first text, frames and answers, and its
 * pre-buffer. Not FreeSWITCH.
 */
final class FakeModule implements SwitchChannel {
    final List<String> orders = new CopyOnWriteArrayList<>();
    final List<String> texts = new CopyOnWriteArrayList<>();
    final List<Integer> binaries = new CopyOnWriteArrayList<>();
    /** Applications that were queued, and how many times they were dropped. */
    final List<Queued> queued = new CopyOnWriteArrayList<>();

    final AtomicInteger dropped = new AtomicInteger();
    final CompletableFuture<WebSocket> dialled = new CompletableFuture<>();
    final CompletableFuture<Short> closed = new CompletableFuture<>();
    final CompletableFuture<Listener> listener = new CompletableFuture<>();
    /** Samples that the module keeps back and plays when more come. */
    final AtomicInteger keptBack = new AtomicInteger();

    private final WebSocketClient client;
    private final String uuid = UUID.randomUUID().toString();
    private int threshold = 1_280;

    /** What the api says to start; null: nothing, ever. */
    @Nullable
    String answer = "+OK Success\n";

    /** A socket of its own is there already. */
    boolean refuseFirst;

    /** Whether start makes it dial. */
    boolean dials = true;

    /** What its first text is; null: as it was ordered. */
    @Nullable
    String firstText;

    record Queued(String what, CompletableFuture<String> played) {}

    FakeModule(Vertx vertx) {
        client = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(1_000));
    }

    @Override
    public CompletionStage<String> api(String command, String arguments) {
        orders.add(command + " " + arguments);
        if (!command.equals("uuid_audio_fork")) return CompletableFuture.completedFuture("_undef_");
        String[] words = arguments.split(" ", -1);
        if (words[1].equals("stop")) {
            if (dialled.isDone() && !dialled.isCompletedExceptionally())
                dialled.join().close((short) 1000, "");
            return CompletableFuture.completedFuture("+OK Success\n");
        }
        if (refuseFirst) {
            refuseFirst = false;
            return CompletableFuture.failedFuture(new EventSocketException("-ERR Operation Failed"));
        }
        if (dials) dial(URI.create(words[2]), firstText == null ? words[6] : firstText);
        if (answer == null) return new CompletableFuture<>();
        return answer.startsWith("-ERR")
                ? CompletableFuture.failedFuture(new EventSocketException(answer.strip()))
                : CompletableFuture.completedFuture(answer);
    }

    private void dial(URI address, String metadata) {
        client.connect(handshake(address.getPort(), address.getRawPath())).onComplete(result -> {
            if (result.failed()) {
                dialled.completeExceptionally(result.cause());
                return;
            }
            WebSocket socket = result.result();
            socket.textMessageHandler(texts::add);
            socket.binaryMessageHandler(this::binary);
            socket.closeHandler(nothing -> closed.complete(socket.closeStatusCode()));
            if (!metadata.isEmpty()) socket.writeTextMessage(metadata);
            dialled.complete(socket);
        });
    }

    /** As libwebsockets shakes hands: no port in Host, an Origin, the sub-protocol. */
    static WebSocketConnectOptions handshake(int port, String path) {
        WebSocketConnectOptions request = new WebSocketConnectOptions();
        request.setHost("127.0.0.1");
        request.setPort(port);
        request.setURI(path);
        request.addSubProtocol("audio.drachtio.org");
        request.putHeader("Host", "127.0.0.1");
        request.putHeader("Origin", "http://127.0.0.1");
        request.putHeader("Pragma", "no-cache");
        request.putHeader("Cache-Control", "no-cache");
        return request;
    }

    private void binary(Buffer piece) {
        binaries.add(piece.length());
        int samples = keptBack.get() + piece.length() / 2;
        if (samples >= threshold) {
            threshold = 640;
            samples = 0;
        }
        keptBack.set(samples);
    }

    WebSocket socket() throws Exception {
        return dialled.get(5, TimeUnit.SECONDS);
    }

    /** Frames of 20 ms at this level. */
    void says(int frames, int level) throws Exception {
        for (int i = 0; i < frames; i++) socket().writeBinaryMessage(frame(160, level));
    }

    static Buffer frame(int samples, int level) {
        Buffer buffer = Buffer.buffer();
        for (int i = 0; i < samples; i++) buffer.appendShortLE((short) level);
        return buffer;
    }

    @Override
    public String uuid() {
        return uuid;
    }

    @Override
    public SwitchNode node() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String variable(String name) {
        return null;
    }

    @Override
    public void listen(Listener told) {
        listener.complete(told);
    }

    @Override
    public CompletionStage<String> execute(String application, String argument) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<String> queue(String application, String argument) {
        CompletableFuture<String> played = new CompletableFuture<>();
        queued.add(new Queued(application + " " + argument, played));
        return played;
    }

    @Override
    public void dropQueued() {
        dropped.incrementAndGet();
    }

    @Override
    public void hangUp(HangupCause cause) {
        throw new UnsupportedOperationException();
    }
}
