package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The caller's channel for two who listen: the session, and the way of sound that is given this view of it. */
final class SharedChannel implements SwitchChannel, SwitchChannel.Listener {
    private final SwitchChannel channel;
    private final Listener first;
    private @Nullable Listener second;
    private @Nullable Consumer<Listener> lastWord;

    SharedChannel(SwitchChannel channel, Listener first) {
        this.channel = channel;
        this.first = first;
    }

    /** Once, apart from the constructor: what happened already is told at once. */
    SharedChannel begin() {
        channel.listen(this);
        return this;
    }

    @Override
    public void listen(Listener listener) {
        Consumer<Listener> said;
        synchronized (this) {
            second = listener;
            said = lastWord;
        }
        if (said != null) said.accept(listener);
    }

    private void tell(Consumer<Listener> word, boolean last) {
        word.accept(first);
        Listener other;
        synchronized (this) {
            if (last) lastWord = word;
            other = second;
        }
        if (other != null) word.accept(other);
    }

    @Override
    public void dtmf(char digit, int millis) {
        tell(listener -> listener.dtmf(digit, millis), false);
    }

    @Override
    public void bridged(String otherUuid) {
        tell(listener -> listener.bridged(otherUuid), false);
    }

    @Override
    public void unbridged() {
        tell(Listener::unbridged, false);
    }

    @Override
    public void custom(String subclass, String body) {
        tell(listener -> listener.custom(subclass, body), false);
    }

    @Override
    public void hungUp(HangupCause cause, String switchCause) {
        tell(listener -> listener.hungUp(cause, switchCause), true);
    }

    @Override
    public void lost(String why) {
        tell(listener -> listener.lost(why), true);
    }

    @Override
    public String uuid() {
        return channel.uuid();
    }

    @Override
    public SwitchNode node() {
        return channel.node();
    }

    @Override
    public @Nullable String variable(String name) {
        return channel.variable(name);
    }

    @Override
    public CompletionStage<String> execute(String application, String argument) {
        return channel.execute(application, argument);
    }

    @Override
    public CompletionStage<String> queue(String application, String argument) {
        return channel.queue(application, argument);
    }

    @Override
    public void dropQueued() {
        channel.dropQueued();
    }

    @Override
    public CompletionStage<String> api(String command, String arguments) {
        return channel.api(command, arguments);
    }

    @Override
    public void hangUp(HangupCause cause) {
        channel.hangUp(cause);
    }
}
