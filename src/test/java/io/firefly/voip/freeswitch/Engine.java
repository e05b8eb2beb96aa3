package io.firefly.voip.freeswitch;

import java.io.IOException;
import java.util.List;

/** What carries the media of an exchange under test; every scenario can be run with each of them. */
public interface Engine extends AutoCloseable {
    Engine EMBEDDED = new Engine() {
        @Override
        public List<String> settings() {
            return List.of();
        }

        @Override
        public int channels() {
            return 0;
        }

        @Override
        public void close() {
            // goes with the exchange
        }
    };

    /** Keys and values, alternating, by which an exchange uses it. */
    List<String> settings();

    /** Legs it still has; 0 when nobody talks. */
    int channels() throws IOException;

    @Override
    void close();
}
