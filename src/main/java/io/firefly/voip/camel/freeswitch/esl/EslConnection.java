package io.firefly.voip.camel.freeswitch.esl;

import io.firefly.voip.media.freeswitch.EventSocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection with FreeSWITCH, whoever opened it. Commands are answered in their order, one reply each; what takes
 * time (an API command in the background, an application) is answered by an event that has an id of ours.
 *
 * <p>Any thread may command. What FreeSWITCH says comes in on the network's thread and is handed to the workers.
 */
public final class EslConnection {
    static final int MAX_UNANSWERED = 4096;
    private static final int MAX_RESULTS = 10_000;
    private static final Set<String> NEVER_DROPPED = Set.of(
            "BACKGROUND_JOB",
            "CHANNEL_HANGUP",
            "CHANNEL_HANGUP_COMPLETE",
            "CHANNEL_DESTROY",
            "CHANNEL_EXECUTE_COMPLETE");

    /** The socket as it is seen from here. */
    interface Socket {
        /** Host and port of the other side. */
        String peer();

        /** Returns at once; texts leave in the order of the calls. */
        void write(String text);

        void close();
    }

    /** What comes, beside replies. On workers; of one channel in order. */
    interface Listener {
        /** FreeSWITCH waits for the password. */
        void greeted(EslConnection connection);

        void event(EslConnection connection, EslEvent event);

        /** The last word, once. Everything that waited has failed. */
        void closed(EslConnection connection, EslRefusal why);
    }

    private record Waiting(EslCommand command, CompletableFuture<EslFrame> reply, long sinceNanos) {}

    /** @param lateNanos when it has taken too long, 0: never */
    private record Result(String what, String uuid, CompletableFuture<String> answer, long lateNanos) {}

    private final Socket socket;
    private final Listener listener;
    private final EslWorkers workers;
    private final EslTiming timing;
    private final Consumer<Duration> latency;
    private final Deque<Waiting> unanswered = new ArrayDeque<>();
    private final Map<String, Result> results = new ConcurrentHashMap<>();
    private final AtomicLong heardNanos = new AtomicLong(System.nanoTime());
    private volatile @Nullable EslRefusal refusal;
    private boolean closed;

    EslConnection(Socket socket, Listener listener, EslWorkers workers, EslTiming timing, Consumer<Duration> latency) {
        this.socket = socket;
        this.listener = listener;
        this.workers = workers;
        this.timing = timing;
        this.latency = latency;
    }

    public String peer() {
        return socket.peer();
    }

    /** The whole reply, also when it is a refusal. */
    public CompletableFuture<EslFrame> send(EslCommand command) {
        CompletableFuture<EslFrame> reply = new CompletableFuture<>();
        // One lock for both, or replies would be taken for those of other commands.
        synchronized (unanswered) {
            if (closed) return CompletableFuture.failedFuture(new EventSocketException(command + ": " + whyClosed()));
            if (unanswered.size() >= MAX_UNANSWERED)
                return CompletableFuture.failedFuture(new EventSocketException(
                        command + ": " + MAX_UNANSWERED + " commands wait for a reply of " + peer() + " already"));
            unanswered.add(new Waiting(command, reply, System.nanoTime()));
            socket.write(command.text() + "\n\n");
        }
        return reply;
    }

    /** What the reply says; fails when that is a refusal. */
    public CompletableFuture<String> ask(EslCommand command) {
        return send(command).thenApply(reply -> accepted(command.toString(), reply.answer()));
    }

    /** {@code bgapi}: its answer, when it is done. */
    public CompletableFuture<String> background(String command, String arguments) {
        String job = UUID.randomUUID().toString();
        EslCommand text = EslCommand.background(command, arguments, job);
        String what = command + (arguments.isEmpty() ? "" : " " + arguments);
        long late = System.nanoTime() + timing.job().toNanos();
        return begin(job, text, new Result(what, "", new CompletableFuture<>(), late))
                .thenApply(answer -> accepted(what, answer));
    }

    /** Runs an application; its Application-Response when it is over. */
    public CompletableFuture<String> execute(String uuid, String application, String argument) {
        String id = UUID.randomUUID().toString();
        return run(EslCommand.execute(uuid, application, argument, id), id, application, uuid);
    }

    /** The same behind what was queued before. Cancel the answer of what was dropped: FreeSWITCH never tells. */
    public CompletableFuture<String> queue(String uuid, String application, String argument) {
        String id = UUID.randomUUID().toString();
        return run(EslCommand.queue(uuid, application, argument, id), id, application, uuid);
    }

    private CompletableFuture<String> run(EslCommand command, String id, String application, String uuid) {
        return begin(id, command, new Result(application + " on " + uuid, uuid, new CompletableFuture<>(), 0));
    }

    private CompletableFuture<String> begin(String id, EslCommand command, Result result) {
        if (results.size() >= MAX_RESULTS)
            return CompletableFuture.failedFuture(
                    new EventSocketException(result.what() + ": " + MAX_RESULTS + " others are not done yet"));
        // Before it is written: the event may come sooner than the reply is looked at.
        results.put(id, result);
        var unusedForgotten = result.answer().whenComplete((answer, failure) -> results.remove(id, result));
        var unused = ask(command).whenComplete((accepted, failure) -> {
            if (failure != null && results.remove(id) != null) result.answer().completeExceptionally(reason(failure));
        });
        return result.answer();
    }

    private static String accepted(String what, String answer) {
        String text = answer.strip();
        // What an API command without any output hears; that is no failure.
        if (text.equals("-ERR no reply")) return "";
        if (text.startsWith("-ERR") || text.startsWith("-USAGE"))
            throw new EventSocketException(what + ": FreeSWITCH answered " + text);
        return answer;
    }

    /** Network thread. */
    void received(EslFrame frame) {
        heardNanos.set(System.nanoTime());
        switch (frame.contentType()) {
            case "command/reply", "api/response" -> replied(frame);
            case "text/event-plain" -> happened(EslEvent.parse(frame.body()));
            case "auth/request" -> workers.execute(peer(), () -> listener.greeted(this));
            case "text/rude-rejection" -> close(EslRefusal.notOnTheList(peer()));
            case "text/disconnect-notice" -> noticed(frame);
            default -> {
                // log/data and whatever a newer version says: not asked for.
            }
        }
    }

    private void replied(EslFrame frame) {
        Waiting first;
        synchronized (unanswered) {
            first = unanswered.poll();
        }
        if (first == null) {
            close(EslRefusal.lost(peer() + " sent a reply that no command asked for"));
            return;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - first.sinceNanos());
        workers.execute(peer(), () -> {
            latency.accept(took);
            first.reply().complete(frame);
        });
    }

    private void happened(EslEvent event) {
        String name = event.name();
        String key = event.uuid().isEmpty() ? peer() : event.uuid();
        Runnable task = () -> deliver(name, event);
        if (NEVER_DROPPED.contains(name)) workers.execute(key, task);
        else workers.offer(key, task);
    }

    private void deliver(String name, EslEvent event) {
        switch (name) {
            case "BACKGROUND_JOB" -> finish(event.text("Job-UUID"), event.body());
            case "CHANNEL_EXECUTE_COMPLETE" ->
                finish(event.text("Application-UUID"), event.text("Application-Response"));
            case "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY" -> failResultsOf(event.uuid());
            default -> {
                // The listener's alone.
            }
        }
        listener.event(this, event);
    }

    private void finish(String id, String answer) {
        Result result = results.remove(id);
        if (result != null) result.answer().complete(answer);
    }

    private void failResultsOf(String uuid) {
        results.entrySet().removeIf(entry -> {
            Result result = entry.getValue();
            if (!result.uuid().equals(uuid)) return false;
            result.answer().completeExceptionally(new EventSocketException(result.what() + ": the channel is gone"));
            return true;
        });
    }

    /** With {@code linger} there are two notices; only the last one means it. */
    private void noticed(EslFrame frame) {
        if (frame.header("content-disposition").equals("linger") || refusal != null) return;
        String said = frame.text().lines().findFirst().orElse("").strip();
        refusal = EslRefusal.lost(peer() + " said: " + (said.isEmpty() ? "disconnected" : said));
    }

    /** What took too long fails; a command that did breaks the order of replies, and so the connection. */
    void look(long nowNanos) {
        Waiting first;
        synchronized (unanswered) {
            first = unanswered.peek();
        }
        if (first != null && nowNanos - first.sinceNanos() > timing.reply().toNanos()) {
            close(EslRefusal.lost(first.command() + " was not answered by " + peer() + " within "
                    + timing.reply().toMillis() + " ms"));
            return;
        }
        results.entrySet().removeIf(entry -> {
            Result result = entry.getValue();
            if (result.lateNanos() == 0 || nowNanos - result.lateNanos() < 0) return false;
            workers.execute(peer(), () -> result.answer()
                    .completeExceptionally(new EventSocketException(
                            result.what() + ": not done within " + timing.job().toSeconds() + " s")));
            return true;
        });
    }

    Duration silence(long nowNanos) {
        return Duration.ofNanos(nowNanos - heardNanos.get());
    }

    /** Commands without a reply. */
    public int unanswered() {
        synchronized (unanswered) {
            return unanswered.size();
        }
    }

    /** Ends it from our side. */
    public void close(String why) {
        close(EslRefusal.lost(why));
    }

    void close(EslRefusal why) {
        if (refusal == null) refusal = why;
        socket.close();
        disconnected();
    }

    /** The socket is closed, by whom ever. Any thread, any number of times. */
    void disconnected() {
        List<Waiting> left;
        synchronized (unanswered) {
            if (closed) return;
            closed = true;
            left = new ArrayList<>(unanswered);
            unanswered.clear();
        }
        if (refusal == null) refusal = EslRefusal.lost(peer() + " closed the connection");
        EslRefusal why = refusal;
        workers.execute(peer(), () -> {
            left.forEach(each ->
                    each.reply().completeExceptionally(new EventSocketException(each.command() + ": " + why.text())));
            results.values().forEach(each -> each.answer()
                    .completeExceptionally(new EventSocketException(each.what() + ": " + why.text())));
            results.clear();
            listener.closed(this, why);
        });
    }

    private String whyClosed() {
        EslRefusal why = refusal;
        return why == null ? "the connection is closed" : why.text();
    }

    private static Throwable reason(Throwable failure) {
        return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
