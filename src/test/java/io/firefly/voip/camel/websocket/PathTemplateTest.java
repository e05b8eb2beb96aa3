package io.firefly.voip.camel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PathTemplateTest {
    private final PathTemplate audio = new PathTemplate("/audio/{ticket}");

    @Test
    void aParameterIsOneDecodedSegment() {
        assertThat(audio.match("/audio/a%2Fb%20c")).contains(Map.of("ticket", "a/b c"));
        assertThat(new PathTemplate("/{a}/x/{b}").match("/1/x/2")).contains(Map.of("a", "1", "b", "2"));
        assertThat(new PathTemplate("/talk").match("/talk")).contains(Map.of());
    }

    @Test
    void otherPathsAndBrokenEscapesDoNotMatch() {
        for (String path :
                new String[] {"", "*", "/", "/audio", "/audio/", "/audio/a/", "/Audio/a", "/audio/%zz", "/audio/%2"}) {
            assertThat(audio.match(path)).as(path).isEmpty();
        }
        assertThat(audio.match("/audio/" + "a".repeat(257))).isEmpty();
    }

    @Test
    void aBadTemplateIsNamed() {
        for (String bad : new String[] {"audio", "/a/{}", "/a/{b", "/a/x{b}", "/a/*", "/{1}"}) {
            assertThatThrownBy(() -> new PathTemplate(bad)).as(bad).hasMessageContaining("path '" + bad + "'");
        }
    }
}
