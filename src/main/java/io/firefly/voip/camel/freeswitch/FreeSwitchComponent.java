package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.camel.freeswitch.board.HandedCall;
import io.firefly.voip.camel.freeswitch.board.Switchboard;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.SimpleTypeConverter;
import org.jspecify.annotations.Nullable;

/** The scheme {@code freeswitch:}. Holds nothing itself, so a dry run touches no socket. */
@Component("freeswitch")
public final class FreeSwitchComponent extends DefaultComponent {
    private final @Nullable Switchboard board;
    private final boolean wordsOnly;

    private FreeSwitchComponent(@Nullable Switchboard board, boolean wordsOnly) {
        this.board = board;
        this.wordsOnly = wordsOnly;
    }

    /** @param board null when there is no FreeSWITCH */
    static FreeSwitchComponent serving(@Nullable Switchboard board) {
        return new FreeSwitchComponent(board, false);
    }

    /** Checks every word, whatever nodes there are. */
    public static FreeSwitchComponent onTrial() {
        return new FreeSwitchComponent(null, true);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        FreeSwitchWord word = FreeSwitchWord.parse(remaining, parameters);
        parameters.clear();
        if (!wordsOnly) check(word);
        return new FreeSwitchEndpoint(uri, this, word);
    }

    /** {@code calls} may stand there idle; whoever asks something of a FreeSWITCH must have one. */
    private void check(FreeSwitchWord word) {
        if (word.verb() == FreeSwitchWord.Verb.CALLS || word.verb() == FreeSwitchWord.Verb.EXECUTE) return;
        List<String> known = names();
        if (known.isEmpty())
            throw new IllegalArgumentException(
                    word.verb() + " needs a FreeSWITCH: set firefly.freeswitch.nodes[0].host and .password");
        if (word.node() != null && !known.contains(word.node()))
            throw new IllegalArgumentException(word.verb() + ": there is no node '" + word.node()
                    + "' in firefly.freeswitch.nodes; known are " + String.join(", ", known));
        if (word.verb() == FreeSwitchWord.Verb.API && word.node() == null && known.size() > 1)
            throw new IllegalArgumentException(
                    word.verb() + ": say which by node=; known are " + String.join(", ", known));
    }

    private List<String> names() {
        return board == null ? List.of() : board.names();
    }

    /** Null when there is no FreeSWITCH. */
    @Nullable
    Switchboard board() {
        return board;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        // So that a step of another package can make a call of it without knowing FreeSWITCH.
        getCamelContext()
                .getTypeConverterRegistry()
                .addTypeConverter(
                        IncomingCall.class,
                        HandedCall.class,
                        new SimpleTypeConverter(false, (type, exchange, call) -> ((HandedCall) call).toIncomingCall()));
    }
}
