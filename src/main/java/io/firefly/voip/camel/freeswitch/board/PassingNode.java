package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.camel.freeswitch.esl.EslConnection;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** A FreeSWITCH that handed a call to us and is none of the settings: all we know of it came with the call. */
record PassingNode(EslConnection connection, EslEvent data) implements SwitchNode {
    @Override
    public String name() {
        String host = data.text("FreeSWITCH-Hostname");
        return host.isEmpty() ? connection.peer() : host;
    }

    /** Of the profile by which the call came. */
    @Override
    public String sipAddress() {
        String url = data.text("variable_sofia_profile_url");
        String address = url.substring(url.indexOf('@') + 1).replaceFirst("[;>].*", "");
        if (!address.isEmpty()) return address;
        String ip = data.text("FreeSWITCH-IPv4");
        return (ip.isEmpty() ? "127.0.0.1" : ip) + ":5060";
    }

    @Override
    public Health health() {
        return new Health(true, false, 0, 0, 0, Instant.now(), "");
    }

    @Override
    public void drain(boolean draining) {
        // It brings its calls itself; nothing goes there that it did not bring.
    }

    @Override
    public CompletionStage<String> api(String command, String arguments) {
        return connection.background(command, arguments);
    }
}
