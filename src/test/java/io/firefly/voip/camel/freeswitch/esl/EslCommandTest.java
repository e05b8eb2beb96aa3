package io.firefly.voip.camel.freeswitch.esl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.call.HangupCause;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EslCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\n\napi system id", "a\u0000b", "a\u007fb", "tab\tis one, too"})
    void nothingBeginsAnotherLine(String text) {
        assertThatThrownBy(() -> EslCommand.api("status", text)).hasMessageContaining("control character");
        assertThatThrownBy(() -> EslCommand.background("status", text, "j")).hasMessageContaining("control character");
        assertThatThrownBy(() -> EslCommand.execute("u", "set", text, "e")).hasMessageContaining("control character");
        assertThatThrownBy(() -> EslCommand.auth(text)).hasMessageContaining("control character");
        assertThatThrownBy(() -> EslCommand.of(text)).hasMessageContaining("control character");
    }

    @Test
    void anArgumentExpandsNothing() {
        assertThatThrownBy(() -> EslCommand.execute("u", "playback", "say ${system(id)}", "e"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would expand it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "status\n", "a;b", "${x}"})
    void aCommandIsOneWord(String command) {
        assertThatThrownBy(() -> EslCommand.api(command, "")).hasMessageContaining("is no command");
        assertThatThrownBy(() -> EslCommand.execute("u", command, "", "e")).hasMessageContaining("is no application");
    }

    @Test
    void aChannelIsNamedByItsUuidAlone() {
        assertThatThrownBy(() -> EslCommand.hangUp("u\nx: y", HangupCause.NORMAL))
                .hasMessageContaining("is no channel uuid");
    }

    @Test
    void eventsHaveNames() {
        assertThat(EslCommand.subscribe(List.of("HEARTBEAT", "DTMF"), List.of("a::b"))
                        .text())
                .isEqualTo("event plain HEARTBEAT DTMF CUSTOM a::b");
        assertThatThrownBy(() -> EslCommand.checkNames(List.of("HEARTBEAT\n"), List.of()))
                .hasMessageContaining("is no event");
        assertThatThrownBy(() -> EslCommand.checkNames(List.of(), List.of("a b")))
                .hasMessageContaining("is no subclass of events");
    }

    @Test
    void commandsAreWrittenAsFreeSwitchReadsThem() {
        assertThat(EslCommand.background("uuid_bridge", "a b", "job-1").text())
                .isEqualTo("bgapi uuid_bridge a b\nJob-UUID: job-1");
        assertThat(EslCommand.execute("u-1", "playback", "/a b.wav", "e-1").text())
                .isEqualTo("sendmsg u-1\ncall-command: execute\nexecute-app-name: playback\n"
                        + "execute-app-arg: /a b.wav\nEvent-UUID: e-1");
        assertThat(EslCommand.hangUp("u-1", HangupCause.BUSY).text())
                .isEqualTo("sendmsg u-1\ncall-command: hangup\nhangup-cause: USER_BUSY");
    }

    @Test
    void aPasswordIsNeverShown() {
        assertThat(EslCommand.auth("secret")).hasToString("auth");
        assertThat(EslCommand.execute("u-1", "playback", "x", "e")).hasToString("sendmsg u-1 playback");
    }

    @ParameterizedTest
    @EnumSource(HangupCause.class)
    void everyCauseHasAWordOfFreeSwitch(HangupCause cause) {
        assertThat(SwitchCause.of(cause)).matches("[A-Z_]+");
        assertThat(SwitchCause.toHangupCause("NEW_IN_SOME_VERSION")).isEqualTo(HangupCause.SERVER_ERROR);
    }
}
