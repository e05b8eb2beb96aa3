package io.firefly.voip.media.freeswitch.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.media.freeswitch.fork.ForkProperties.Playout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForkPropertiesTest {
    private static ForkProperties with(String listen, @Nullable String advertise) {
        return new ForkProperties(listen, advertise, Duration.ofSeconds(4), Playout.QUICK, 10);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8085, , ws://127.0.0.1:8085/audio/",
        "0.0.0.0:8085, , ws://127.0.0.1:8085/audio/",
        "0.0.0.0:8085, firefly:9000, ws://firefly:9000/audio/",
        "0.0.0.0:8085, wss://proxy.example/sound, wss://proxy.example/sound/",
        "0.0.0.0:8085, ws://10.0.0.7:8085/, ws://10.0.0.7:8085/",
        "0.0.0.0:8085, ws://10.0.0.7, ws://10.0.0.7/audio/"
    })
    void theTicketIsAppendedToWhatIsAdvertised(String listen, @Nullable String advertise, String address) {
        assertThat(with(listen, advertise).address()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b:1", "host:1 stop", "ws://[::1]:8085", "'x':1", "ftp://x", "h:1/${y}", "h:1\nx"})
    void whatTheModuleWouldReadOtherwiseIsRefused(String advertise) {
        assertThatThrownBy(() -> with("127.0.0.1:8085", advertise))
                .hasMessageContaining("firefly.audio-socket.advertise");
    }

    @Test
    void wrongValuesNameTheirKey() {
        assertThatThrownBy(() -> with("8085", null)).hasMessageContaining("firefly.audio-socket.listen");
        assertThatThrownBy(() -> new ForkProperties("h:1", null, Duration.ZERO, Playout.QUICK, 10))
                .hasMessageContaining("firefly.audio-socket.connect-within");
        assertThatThrownBy(() -> new ForkProperties("h:1", null, Duration.ofSeconds(1), Playout.QUICK, 0))
                .hasMessageContaining("firefly.audio-socket.max-calls");
    }
}
