package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.Upstream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Real sockets without Camel. */
final class JdkUpstream implements Upstream {
    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public Socket open(Request request, Listener listener) {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        request.headers().forEach(builder::header);
        CompletableFuture<WebSocket> opening = builder.buildAsync(request.uri(), new Hearing(listener));
        opening.whenComplete((socket, failure) -> {
                    if (failure != null) listener.closed(1006, reason(failure));
                })
                .exceptionally(failure -> null);
        return new Line(opening);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof WebSocketHandshakeException refused) {
            return "HTTP " + refused.getResponse().statusCode();
        }
        return String.valueOf(cause);
    }

    private static final class Line implements Socket {
        private CompletableFuture<WebSocket> last;

        Line(CompletableFuture<WebSocket> opening) {
            this.last = opening;
        }

        @Override
        public synchronized boolean send(String text) {
            last = last.thenCompose(socket -> socket.sendText(text, true));
            return !last.isCompletedExceptionally();
        }

        @Override
        public synchronized void close(int code, String reason) {
            last = last.thenCompose(socket -> socket.sendClose(code, reason));
        }
    }

    private static final class Hearing implements WebSocket.Listener {
        private final Listener listener;
        private final StringBuilder text = new StringBuilder();

        Hearing(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onOpen(WebSocket socket) {
            listener.opened();
            socket.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
            text.append(data);
            if (isLast) {
                listener.text(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            listener.closed(code, reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            listener.closed(1006, String.valueOf(error.getMessage()));
        }
    }
}
