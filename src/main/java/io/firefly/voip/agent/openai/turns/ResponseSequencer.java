package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.openai.wire.Create;
import io.firefly.voip.agent.openai.wire.Create.Purpose;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps to the provider's rule of one response at a time. A {@code response.create} that cannot go now waits; several
 * that wait become one. The provider's own responses, made when the caller stops speaking, race with ours: the loser is
 * refused with {@code conversation_already_has_active_response} and tried again. Agent's thread only.
 */
final class ResponseSequencer {
    private static final int MAX_ATTEMPTS = 4;
    private static final Pattern RESPONSE_ID = Pattern.compile("resp_[A-Za-z0-9_-]{1,64}");

    /** What is going on with the one response. */
    enum State {
        FREE,
        CREATE_REQUESTED,
        ACTIVE,
        CANCELLING
    }

    /** Where our wishes go. */
    interface Wire {
        /** @return the event id it was sent with */
        String create(Create create);

        void cancel(String responseId);
    }

    private record Pending(String eventId, Create create) {}

    private final Wire wire;
    private State state = State.FREE;
    private @Nullable String activeId;
    private @Nullable Pending pending;
    private @Nullable Create wanted;
    private boolean wantedBeforeTurn;
    private boolean callerSpeaking;
    /** The caller stopped speaking and the provider will answer by itself. */
    private boolean providersTurn;

    private boolean lastWords;
    private boolean held;
    private int attempts;

    ResponseSequencer(Wire wire) {
        this.wire = wire;
    }

    void request(Create create) {
        attempts = 0;
        want(create);
        next();
    }

    private void want(Create create) {
        if (lastWords && create.purpose() != Purpose.GOODBYE) return;
        if (wanted == null || wanted.purpose().compareTo(create.purpose()) <= 0) wanted = create;
        wantedBeforeTurn = !providersTurn;
    }

    private void next() {
        if (held || state != State.FREE || wanted == null) return;
        // The provider's answer to what the caller is saying will know the tool's output too.
        if (wanted.purpose() == Purpose.CONTINUE && (callerSpeaking || providersTurn)) return;
        Create create = wanted;
        wanted = null;
        state = State.CREATE_REQUESTED;
        pending = new Pending(wire.create(create), create);
    }

    /**
     * {@code response.created}.
     *
     * @param createdBy our event id as its metadata returns it; null when the provider made it, or tells no metadata
     * @return what we wanted it for; null when the provider made it by itself
     */
    @Nullable
    Purpose created(String responseId, @Nullable String createdBy) {
        boolean ours = pending != null && (createdBy == null ? !providersTurn : createdBy.equals(pending.eventId()));
        Purpose purpose = ours ? Objects.requireNonNull(pending).create().purpose() : null;
        if (createdBy != null && ours) pending = null;
        state = State.ACTIVE;
        activeId = responseId;
        if (purpose == null) dropWhatTheProviderAnswers();
        else if (callerSpeaking && purpose != Purpose.GOODBYE) cancel(responseId);
        return purpose;
    }

    private void dropWhatTheProviderAnswers() {
        if (providersTurn && wantedBeforeTurn && wanted != null && wanted.purpose() == Purpose.CONTINUE) wanted = null;
        providersTurn = false;
    }

    /** It crossed the caller's onset on the wire: made after it, so the provider does not interrupt it by itself. */
    private void cancel(String responseId) {
        state = State.CANCELLING;
        wire.cancel(responseId);
    }

    /**
     * {@code response.done}.
     *
     * @return false when it is not the response we follow: a stranger, or one that was done before
     */
    boolean done(String responseId) {
        if (!responseId.equals(activeId)) return false;
        state = State.FREE;
        activeId = null;
        pending = null;
        next();
        return true;
    }

    /**
     * {@code error} for something we sent.
     *
     * @return true when it was a {@code response.create} and will not be tried again: nobody will answer
     */
    boolean refused(@Nullable String eventId, boolean alreadyActive, String message) {
        Pending refused = pending;
        boolean matches = refused != null && (eventId == null ? alreadyActive : eventId.equals(refused.eventId()));
        if (refused == null || !matches) return false;
        pending = null;
        boolean again = alreadyActive && ++attempts < MAX_ATTEMPTS;
        if (again) want(refused.create());
        if (state == State.CREATE_REQUESTED) follow(alreadyActive ? RESPONSE_ID.matcher(message) : null);
        next();
        return !again;
    }

    private void follow(@Nullable Matcher nameOfActive) {
        boolean known = nameOfActive != null && nameOfActive.find();
        state = known ? State.ACTIVE : State.FREE;
        activeId = known ? Objects.requireNonNull(nameOfActive).group() : null;
    }

    void callerSpeaks() {
        callerSpeaking = true;
        providersTurn = false;
    }

    void callerStopped() {
        if (!callerSpeaking) return;
        callerSpeaking = false;
        providersTurn = true;
    }

    /** From here on the caller is not listened to, and only a goodbye may begin. */
    void lastWords() {
        lastWords = true;
        callerSpeaking = false;
        providersTurn = false;
        wanted = null;
    }

    void forgetWanted() {
        wanted = null;
    }

    /** Nothing came for too long: whatever was going on is given up. */
    void stalled() {
        state = State.FREE;
        activeId = null;
        pending = null;
        callerSpeaking = false;
        providersTurn = false;
        next();
    }

    /** There is no session for a while: what was going on is given up, and what is wanted waits. */
    void hold() {
        held = true;
        wanted = null;
        stalled();
    }

    boolean isHeld() {
        return held;
    }

    /** Something waits to be asked for. */
    boolean isWanting() {
        return wanted != null;
    }

    /** What is due was asked for by us, and not created yet. */
    boolean isAskedByUs() {
        return state == State.CREATE_REQUESTED;
    }

    boolean isGreetingDue() {
        return pendingPurpose() == Purpose.GREETING || (wanted != null && wanted.purpose() == Purpose.GREETING);
    }

    void goOn() {
        held = false;
        next();
    }

    boolean isCallerSpeaking() {
        return callerSpeaking;
    }

    /** The provider owes us an event. */
    boolean isExpecting() {
        return state != State.FREE || providersTurn;
    }

    /** What the response is for that was asked for and has not been created yet. */
    @Nullable
    Purpose pendingPurpose() {
        return pending == null ? null : pending.create().purpose();
    }

    /** A response was asked for or is being made. */
    boolean isBusy() {
        return state != State.FREE;
    }

    State state() {
        return state;
    }

    @Nullable
    String activeId() {
        return activeId;
    }

    /**
     * The last words of the agent: what it is saying when asked to stop, or else one short goodbye. Over when generated;
     * that is not yet heard, so hanging up is left to whoever watches the mouth. Agent's thread only.
     */
    static final class Goodbye {
        private final ResponseSequencer sequencer;
        private final String instructions;
        private final CompletableFuture<Void> told;
        private boolean asked;

        Goodbye(ResponseSequencer sequencer, String instructions, CompletableFuture<Void> told) {
            this.sequencer = sequencer;
            this.instructions = instructions;
            this.told = told;
        }

        /** @param alreadySaid the latest response was a farewell */
        void begin(boolean alreadySaid) {
            if (sequencer.isBusy()) return; // what is being said is the goodbye: see done()
            if (alreadySaid) complete();
            else ask();
        }

        /**
         * A response is done; the sequencer does not know yet.
         *
         * @param purpose null when the provider made it by itself
         * @param said it was spoken to its end
         */
        void done(@Nullable Purpose purpose, boolean said) {
            if (said || purpose == Purpose.GOODBYE) complete();
            else ask();
        }

        /**
         * A response was refused to us.
         *
         * @param givenUp it will not be tried again
         */
        void refused(boolean givenUp) {
            if (sequencer.isBusy()) return;
            if (asked && givenUp) complete();
            else ask();
        }

        private void ask() {
            if (asked) return;
            asked = true;
            sequencer.request(new Create(Purpose.GOODBYE, instructions, false));
        }

        private void complete() {
            sequencer.forgetWanted();
            told.complete(null);
        }
    }

    /** What we remember of a response. */
    static final class Response {
        final String id;

        @Nullable
        Purpose purpose;

        boolean created;
        boolean spoke;
        boolean discarded;

        private Response(String id) {
            this.id = id;
        }

        boolean isHeard() {
            return spoke && !discarded;
        }
    }

    /** The latest responses. */
    static final class Memory {
        private static final int MAX_RESPONSES = 16;

        private final Map<String, Response> responses = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Response> eldest) {
                return size() > MAX_RESPONSES;
            }
        };

        Response of(String id) {
            return responses.computeIfAbsent(id, Response::new);
        }

        @Nullable
        Response known(String id) {
            return responses.get(id);
        }
    }
}
