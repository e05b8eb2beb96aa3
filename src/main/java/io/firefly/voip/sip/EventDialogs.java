package io.firefly.voip.sip;

import gov.nist.javax.sip.message.SIPRequest;
import io.firefly.voip.sip.SipFront.Notification;
import io.firefly.voip.sip.SipFront.Outgoing;
import io.firefly.voip.sip.header.Tokens;
import io.firefly.voip.sip.stack.SafeParser;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is no call: requests that are answered once, and the dialogs of subscriptions (RFC 6665). A dialog lives as long
 * as the 2xx said, and a little longer, whatever becomes of who subscribed.
 */
final class EventDialogs {
    private static final int MAX_OPEN = 20_000;
    private static final int DEFAULT_SECONDS = 3600;
    private static final int MAX_SECONDS = 86_400;
    /** Timer N of RFC 6665 4.1.2.4: 64*T1; what is under way may still come. */
    private static final Duration GRACE = Duration.ofSeconds(40);
    /** Answers to a NOTIFY that end its subscription (RFC 6665 4.2.2, RFC 5057 5.1). */
    private static final Set<Integer> GONE =
            Set.of(404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604);

    private final SipDialog.Switchboard board;
    /** Who subscribed to us, by dialog. */
    private final Map<String, Watcher> watchers = new ConcurrentHashMap<>();
    /** What we subscribed to, by what was asked for. */
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();
    /** The same by Call-ID and our tag: a NOTIFY may come before the 2xx, and from several (RFC 6665 4.1.2.4). */
    private final Map<String, Watch> watchesByTag = new ConcurrentHashMap<>();

    EventDialogs(SipDialog.Switchboard board) {
        this.board = board;
    }

    int open() {
        return watchers.size() + watches.size();
    }

    void clear() {
        watchers.clear();
        watches.clear();
        watchesByTag.clear();
    }

    /** Such a request hears 401 before it may cost a transaction. */
    static boolean isUnproven(SIPRequest request) {
        return InboundRequest.isOutsideOfCalls(request)
                && Set.of("PUBLISH", "SUBSCRIBE").contains(request.getMethod())
                && SafeParser.linesOf(request).first("authorization") == null;
    }

    SipResponder answerOnce(InboundRequest request) {
        return new OneAnswer(request);
    }

    // Who subscribed to us.

    /** What is wrong with a request that has a To tag and belongs to no call; null when nothing is. */
    @Nullable
    SipResponse refusal(InboundRequest request) {
        if (request.method().equals("NOTIFY")) {
            Watch watch = watchesByTag.get(watchKey(request.callId(), request.toTag()));
            if (watch == null) return SipResponse.of(481);
            watch.heard(request);
            return request.refusal();
        }
        Watcher watcher = request.method().equals("SUBSCRIBE") ? watchers.get(request.dialogId()) : null;
        if (watcher == null || watcher.over) return SipResponse.of(481);
        if (!watcher.dialog.accepts(request.cseq())) return SipResponse.of(500);
        return request.refusal();
    }

    CompletionStage<Boolean> notifyWatcher(String dialogId, Notification notification) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Watcher watcher = watchers.get(dialogId);
        if (watcher == null) answer.complete(false);
        // Not here: whoever tells a crowd of watchers holds on to what they watch meanwhile.
        else board.handOver(watcher.callId, () -> watcher.tell(new Notice(notification, answer)));
        return answer;
    }

    /** The response as it goes out to a SUBSCRIBE, with what makes a dialog (RFC 6665 4.2.1.1). */
    private SipResponse accepted(InboundRequest subscribe, SipResponse response) {
        Watcher known = watchers.get(subscribe.dialogId());
        if (known == null && watchers.size() >= MAX_OPEN)
            return SipResponse.of(503, null, Map.of("Retry-After", List.of("60")));
        Watcher watcher = known == null ? new Watcher(subscribe) : known;
        int seconds = seconds(response.headers(), seconds(subscribe.lines().first("expires"), DEFAULT_SECONDS));
        if (known == null) watchers.put(subscribe.dialogId(), watcher);
        board.execute(subscribe.callId(), () -> watcher.lives(subscribe, seconds));
        return response.orElse(Map.of("Contact", List.of(watcher.dialog.contact())))
                .orElse(Map.of("Expires", List.of(String.valueOf(seconds))));
    }

    private static int seconds(Map<String, List<String>> headers, int otherwise) {
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            boolean named = header.getKey().equalsIgnoreCase("expires")
                    && !header.getValue().isEmpty();
            if (named) return seconds(header.getValue().get(0), otherwise);
        }
        return otherwise;
    }

    private static int seconds(@Nullable String value, int otherwise) {
        if (value == null) return otherwise;
        return value.trim().matches("[0-9]{1,9}") ? Math.min(MAX_SECONDS, Integer.parseInt(value.trim())) : otherwise;
    }

    private static String watchKey(String callId, @Nullable String tag) {
        return callId + '\n' + tag;
    }

    // What we subscribed to.

    /** The first SUBSCRIBE for something begins a dialog, the next for the same refreshes it or, with 0, ends it. */
    CompletionStage<SipResponse> subscribe(Outgoing wanted) {
        Map<String, List<String>> headers = new HashMap<>();
        wanted.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        String what = wanted.uri() + '\n' + wanted.from() + '\n' + headers.getOrDefault("event", List.of());
        if (watches.size() >= MAX_OPEN && !watches.containsKey(what))
            return CompletableFuture.completedFuture(SipResponse.of(503, "Too many subscriptions", Map.of()));
        int seconds = seconds(headers, DEFAULT_SECONDS);
        Watch begun = watches.computeIfAbsent(what, Watch::new);
        while (!begun.begins(seconds)) begun = watches.computeIfAbsent(what, Watch::new);
        Watch watch = begun;
        return board.clients().send(watch.request(wanted), watch.tag).thenApply(response -> {
            if (response.status() >= 300) watch.over();
            else watch.lives(seconds == 0 ? 0 : seconds(response.headers(), seconds));
            return response;
        });
    }

    /** One NOTIFY that is to be sent, and who waits for its answer. */
    private record Notice(Notification notification, CompletableFuture<Boolean> answer) {
        String headerLines(String contact) {
            String type = notification.contentType();
            return "Contact: " + contact + "\r\nEvent: " + notification.event() + "\r\nSubscription-State: "
                    + notification.state() + "\r\n"
                    + (type == null || notification.body().isEmpty() ? "" : "Content-Type: " + type + "\r\n");
        }
    }

    /** The dialog of somebody who subscribed to us. On the thread of its Call-ID. */
    private final class Watcher {
        private final String id;
        private final String callId;
        private final SipDialog dialog;
        private boolean busy;
        private volatile boolean over;
        private @Nullable Notice next;
        private @Nullable Future<?> alarm;

        Watcher(InboundRequest subscribe) {
            this.id = subscribe.dialogId();
            this.callId = subscribe.callId();
            this.dialog = new SipDialog(subscribe, board.transport());
        }

        void lives(InboundRequest subscribe, int seconds) {
            if (watchers.get(id) != this) return;
            dialog.refreshTarget(subscribe);
            Future<?> old = alarm;
            if (old != null) old.cancel(false);
            alarm = board.later(callId, GRACE.plusSeconds(seconds), this::forget);
        }

        void tell(Notice notice) {
            if (over) {
                notice.answer().complete(false);
                return;
            }
            over = notice.notification().isLast();
            Notice waiting = next;
            if (waiting != null) waiting.answer().complete(true);
            next = notice;
            if (!busy) sendNext();
        }

        private void sendNext() {
            Notice notice = next;
            if (notice == null) return;
            next = null;
            busy = true;
            dialog.send(
                    "NOTIFY",
                    notice.headerLines(dialog.contact()),
                    notice.notification().body(),
                    board.clients(),
                    response -> board.handOver(callId, () -> answered(notice, response)));
        }

        private void answered(Notice notice, SipResponse response) {
            busy = false;
            if (notice.notification().isLast() || GONE.contains(response.status())) forget();
            notice.answer().complete(!over || next != null);
            sendNext();
        }

        private void forget() {
            over = true;
            watchers.remove(id, this);
            Future<?> old = alarm;
            if (old != null) old.cancel(false);
            Notice waiting = next;
            next = null;
            if (waiting != null) waiting.answer().complete(false);
        }
    }

    /** One subscription of ours. Any thread. */
    private final class Watch {
        private final String what;
        private final String tag = Tokens.newTag();
        private final String callId = Tokens.newTag() + "@firefly";
        private long cseq = -1;
        private boolean done;
        private @Nullable String remoteTag;
        private @Nullable Future<?> alarm;

        Watch(String what) {
            this.what = what;
        }

        String key() {
            return watchKey(callId, tag);
        }

        synchronized Outgoing request(Outgoing wanted) {
            Map<String, List<String>> headers = new HashMap<>(wanted.headers());
            headers.keySet().removeIf(name -> name.matches("(?i)call-id|cseq|to"));
            // The answer to a challenge takes the number in between.
            cseq += 2;
            headers.put("Call-ID", List.of(callId));
            headers.put("CSeq", List.of(String.valueOf(cseq)));
            if (remoteTag != null) headers.put("To", List.of("<" + wanted.uri() + ">;tag=" + remoteTag));
            return new Outgoing(
                    wanted.method(),
                    wanted.uri(),
                    wanted.from(),
                    headers,
                    wanted.contentType(),
                    wanted.body(),
                    wanted.credentials());
        }

        /** False when it came to its end just now. */
        synchronized boolean begins(int seconds) {
            if (done) return false;
            watchesByTag.put(key(), this);
            lives(seconds);
            return true;
        }

        synchronized void lives(int seconds) {
            Future<?> old = alarm;
            if (old != null) old.cancel(false);
            if (!done) alarm = board.later(callId, GRACE.plusSeconds(seconds), this::over);
        }

        synchronized void heard(InboundRequest notify) {
            if (remoteTag == null) remoteTag = notify.fromTag();
            String state = notify.lines().first("subscription-state");
            if (state != null && state.trim().toLowerCase(Locale.ROOT).startsWith("terminated")) over();
        }

        synchronized void over() {
            done = true;
            watches.remove(what, this);
            watchesByTag.remove(key(), this);
            Future<?> old = alarm;
            if (old != null) old.cancel(false);
        }
    }

    /** Answers a request that is no INVITE, once, on the thread that calls. */
    private final class OneAnswer implements SipResponder {
        private final InboundRequest request;
        private final AtomicBoolean done = new AtomicBoolean();

        OneAnswer(InboundRequest request) {
            this.request = request;
        }

        @Override
        public void respond(SipResponse response) {
            if (response.status() < 200)
                throw new IllegalArgumentException("status " + response.status() + " is not final");
            boolean success = response.status() < 300;
            if (request.method().equals("REGISTER") && success)
                board.proved(request.source().address());
            if (!done.compareAndSet(false, true) || !(isAskedForAgain(response) || request.beginTransaction())) return;
            if (request.method().equals("SUBSCRIBE") && success) request.respond(accepted(request, response));
            else request.respond(tellsCapabilities(response) ? response.orElse(board.capabilities()) : response);
        }

        /** Lost, it does no harm. Anything else is repeated by a transaction. */
        private boolean isAskedForAgain(SipResponse response) {
            return request.method().equals("OPTIONS") || response.status() == 401 || response.status() == 407;
        }

        /** RFC 3261 11.2. */
        private boolean tellsCapabilities(SipResponse response) {
            return request.method().equals("OPTIONS") && response.status() < 300;
        }

        @Override
        public boolean isDone() {
            return done.get();
        }
    }
}
