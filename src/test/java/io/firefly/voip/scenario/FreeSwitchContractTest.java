package io.firefly.voip.scenario;

import io.firefly.voip.freeswitch.FreeSwitchUnderTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The real one, with the configuration of {@code freeswitch/}. */
@Tag("freeswitch")
class FreeSwitchContractTest extends FreeSwitchContract {
    private static FreeSwitchUnderTest real;

    @BeforeAll
    static void find() {
        real = FreeSwitchUnderTest.needed();
    }

    @Override
    int eslPort() {
        return real.eslPort();
    }

    @Override
    String password() {
        return real.password();
    }

    @Override
    int sipPort() {
        return real.sipPort();
    }
}
