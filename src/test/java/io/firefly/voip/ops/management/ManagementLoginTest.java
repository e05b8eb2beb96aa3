package io.firefly.voip.ops.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

class ManagementLoginTest {
    private static ManagementProperties settings(String password, String file, boolean hawtio) {
        return new ManagementProperties("admin", password, file, hawtio);
    }

    @Test
    void withoutAPasswordOneIsDrawnAndItIsNeverTheSame() {
        ManagementLogin first = ManagementLogin.of(settings("", "", true), false);
        ManagementLogin second = ManagementLogin.of(settings("", "", true), false);
        assertThat(first.drawnPassword()).hasSizeGreaterThanOrEqualTo(20).isNotEqualTo(second.drawnPassword());
        assertThat(first.accepts("admin", String.valueOf(first.drawnPassword())))
                .isTrue();
        assertThat(first.accepts("admin", String.valueOf(second.drawnPassword())))
                .isFalse();
        assertThat(first.accepts("root", String.valueOf(first.drawnPassword()))).isFalse();
    }

    @Test
    void aPasswordThatWasSetIsNotTold() {
        ManagementLogin login = ManagementLogin.of(settings("long-enough", "", true), false);
        assertThat(login.drawnPassword()).isNull();
        assertThat(login.accepts("admin", "long-enough")).isTrue();
        assertThat(settings("long-enough", "", true).toString()).doesNotContain("long-enough");
    }

    @Test
    void aPasswordComesFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "from-a-file\n");
        assertThat(ManagementLogin.of(settings("", file.toString(), true), true).accepts("admin", "from-a-file"))
                .isTrue();
    }

    @Test
    void aFileThatIsNotThereOrTooShortIsNamed(@TempDir Path folder) throws IOException {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> ManagementLogin.of(settings("", none.toString(), true), false))
                .hasMessageContaining("firefly.management.password-file")
                .hasMessageContaining(none.toString());
        Path shortOne = Files.writeString(folder.resolve("short"), "four\n");
        assertThatThrownBy(() -> ManagementLogin.of(settings("", shortOne.toString(), true), false))
                .hasMessageContaining("firefly.management.password-file")
                .hasMessageNotContaining("four");
    }

    @Test
    void inProductionNothingIsDrawnAndHawtioNeedsAPassword() {
        ManagementLogin nobody = ManagementLogin.of(settings("", "", false), true);
        assertThat(nobody.isPossible()).isFalse();
        assertThat(nobody.drawnPassword()).isNull();
        assertThat(nobody.accepts("admin", "")).isFalse();
        assertThatThrownBy(() -> ManagementLogin.of(settings("", "", true), true))
                .hasMessageContaining("firefly.management.hawtio");
    }

    @Test
    void passwordAndFileTogetherAndAShortPasswordAreRefused() {
        assertThatThrownBy(() -> settings("long-enough", "file", true)).hasMessageContaining("set one of them");
        assertThatThrownBy(() -> settings("short", "", true))
                .hasMessageContaining("firefly.management.password")
                .hasMessageNotContaining("short ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "\"x"})
    void aUserNobodyCouldTypeIsRefused(String user) {
        assertThatThrownBy(() -> new ManagementProperties(user, "", "", true))
                .hasMessageContaining("firefly.management.user");
    }

    @Test
    void anAddressThatIsWrongTenTimesWaitsAMinuteAndNobodyElseDoes() {
        AtomicLong nanos = new AtomicLong();
        LoginThrottle throttle =
                new LoginThrottle(ManagementLogin.of(settings("long-enough", "", true), false), nanos::get);
        for (int i = 0; i < LoginThrottle.FAILURES; i++) {
            assertThatThrownBy(() -> throttle.authenticate(login("192.0.2.1", "wrong")))
                    .isInstanceOf(BadCredentialsException.class);
        }
        assertThatThrownBy(() -> throttle.authenticate(login("192.0.2.1", "long-enough")))
                .isInstanceOf(LockedException.class);
        assertThat(throttle.authenticate(login("192.0.2.2", "long-enough")).isAuthenticated())
                .isTrue();
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(throttle.authenticate(login("192.0.2.1", "long-enough")).isAuthenticated())
                .isTrue();
        assertThat(throttle.refused()).isEqualTo(LoginThrottle.FAILURES + 1);
    }

    private static UsernamePasswordAuthenticationToken login(String address, String password) {
        var token = UsernamePasswordAuthenticationToken.unauthenticated("admin", password);
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(address);
        token.setDetails(new WebAuthenticationDetails(request));
        return token;
    }
}
