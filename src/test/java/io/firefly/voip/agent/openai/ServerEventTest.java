package io.firefly.voip.agent.openai;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerEventTest {
    private static @Nullable ServerEvent read(String event) {
        return ServerEvent.read(event.replace('\'', '"'));
    }

    private static ServerEvent event(String event) {
        return requireNonNull(read(event));
    }

    @Test
    void soundIsDecodedWhereverItsFieldStands() {
        for (String frame : new String[] {
            "{'type':'response.output_audio.delta','response_id':'r','item_id':'i','content_index':1,'delta':'AQID'}",
            "{'delta':'AQID','item_id':'i','response_id':'r','content_index':1,'type':'response.output_audio.delta'}",
        }) {
            ServerEvent event = event(frame);

            assertThat(event.audio()).containsExactly(1, 2, 3);
            assertThat(event.responseId()).isEqualTo("r");
            assertThat(event.itemId()).isEqualTo("i");
            assertThat(event.contentIndex()).isEqualTo(1);
        }
    }

    @Test
    void nullIdsAreAbsentIds() {
        assertThat(event("{'type':'input_audio_buffer.committed','previous_item_id':null,'item_id':'i'}")
                        .previousItemId())
                .isNull();
    }

    @Test
    void anItemKnowsItsSpeaker() {
        String item =
                "{'type':'conversation.item.added','item':{'id':'i','type':'message','role':'%s','content':[%s]}}";

        assertThat(event(String.format(item, "assistant", "")).speaker()).isEqualTo(Speaker.AI);
        assertThat(event(String.format(item, "user", "{'type':'input_audio'}")).speaker())
                .isEqualTo(Speaker.CALLER);
        assertThat(event(String.format(item, "user", "{'type':'input_text'}")).speaker())
                .isNull();
        assertThat(event(String.format(item, "system", "")).speaker()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "nonsense",
                "[]",
                "null",
                "{}",
                "{'type':null}",
                "{'type':1}",
                "{'type':'x'",
                "{'type':'x','item_id':1}",
                "{'type':'x','response':{'a':}",
                "{'type':'response.output_audio.delta','delta':'*'}",
                "{'delta':'*','type':'response.output_audio.delta'}",
            })
    void whatIsNoEventIsNull(String frame) {
        assertThat(read(frame)).isNull();
    }

    @Test
    void theOracleKnowsAMisspeltField() {
        SdkOracle.accept("{\"type\":\"response.cancel\",\"response_id\":\"resp_1\"}");

        assertThatThrownBy(() -> SdkOracle.accept("{\"type\":\"response.cancel\",\"responce_id\":\"resp_1\"}"))
                .hasStackTraceContaining("responce_id");
        assertThatThrownBy(() -> SdkOracle.accept("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\","
                        + "\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\",\"treshold\":1}}}}}"))
                .hasStackTraceContaining("treshold");
        assertThatThrownBy(() -> SdkOracle.accept("{\"type\":\"conversation.item.truncate\",\"item_id\":\"i\","
                        + "\"content_index\":0,\"audio_end_ms\":1.5}"))
                .isInstanceOf(AssertionError.class);
    }
}
