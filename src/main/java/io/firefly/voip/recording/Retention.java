package io.firefly.voip.recording;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long recordings are kept. Any thread. */
public interface Retention {
    /** For ever. */
    Retention NONE = new Retention() {
        @Override
        public @Nullable Duration of(@Nullable String tenant) {
            return null;
        }

        @Override
        public @Nullable Duration shortest() {
            return null;
        }
    };

    /**
     * Null means for ever.
     *
     * @param tenant null when nobody knows whose recording it is
     */
    @Nullable
    Duration of(@Nullable String tenant);

    /** Nothing younger is ever deleted; null when nothing at all is. */
    @Nullable
    Duration shortest();
}
