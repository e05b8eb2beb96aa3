package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.call.CallId;
import io.firefly.voip.camel.call.CallExchange;
import io.firefly.voip.camel.freeswitch.board.Switchboard;
import io.firefly.voip.camel.freeswitch.esl.EslCommand;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** {@code freeswitch:api} and {@code freeswitch:execute}: the body becomes the answer. Waits on no thread. */
final class FreeSwitchProducer extends DefaultAsyncProducer {
    private final FreeSwitchWord word;
    private final @Nullable Switchboard board;
    private @Nullable Expression arguments;
    private @Nullable Expression channel;

    FreeSwitchProducer(FreeSwitchEndpoint endpoint, FreeSwitchWord word, @Nullable Switchboard board) {
        super(endpoint);
        this.word = word;
        this.board = board;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        arguments = simple(word.arguments());
        channel = word.channel() == null ? null : simple(word.channel());
    }

    private Expression simple(String text) {
        return getEndpoint().getCamelContext().resolveLanguage("simple").createExpression(text);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletionStage<String> answer;
        try {
            answer = order(exchange);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        var unused = answer.whenComplete((text, failure) -> {
            if (failure == null) exchange.getMessage().setBody(text);
            else exchange.setException(failure instanceof CompletionException ? failure.getCause() : failure);
            callback.done(false);
        });
        return false;
    }

    private CompletionStage<String> order(Exchange exchange) {
        if (board == null)
            throw new EventSocketException(word.verb() + " needs a FreeSWITCH: set firefly.freeswitch.nodes");
        String text = evaluated(exchange, Objects.requireNonNull(arguments, "not initialised"));
        EslCommand.withoutExpansion(EslCommand.oneLine(text, "arguments of " + word.verb()));
        if (word.verb() == FreeSwitchWord.Verb.API) return board.api(word.node(), word.action(), text);
        if (channel != null) return board.execute(evaluated(exchange, channel), word.action(), text);
        CallId call = exchange.getProperty(CallExchange.CALL_ID, CallId.class);
        SwitchChannel own = call == null ? null : board.fabric().channelOf(call);
        if (own != null) return own.execute(word.action(), text);
        throw new EventSocketException(word.verb() + ": this exchange is about no call that FreeSWITCH handed to us;"
                + " say which channel by channel=");
    }

    private static String evaluated(Exchange exchange, Expression expression) {
        String text = expression.evaluate(exchange, String.class);
        return text == null ? "" : text;
    }
}
