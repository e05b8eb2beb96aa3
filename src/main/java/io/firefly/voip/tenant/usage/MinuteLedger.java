package io.firefly.voip.tenant.usage;

import java.time.LocalDate;
import java.util.List;

/** Where the minutes of each day outlive us. Waits for its database: never asked while a call waits. */
public interface MinuteLedger {
    /** @param day in the tenant's time zone */
    record Entry(String tenant, LocalDate day, long talkMillis) {}

    /** Keeps nothing. */
    MinuteLedger NONE = new MinuteLedger() {
        @Override
        public void add(List<Entry> talked) {}

        @Override
        public List<Entry> since(LocalDate day) {
            return List.of();
        }
    };

    /**
     * Adds to what is there, all or nothing.
     *
     * @throws RuntimeException when it was not kept
     */
    void add(List<Entry> talked);

    /**
     * What all nodes have talked on that day and later.
     *
     * @throws RuntimeException when it cannot be read
     */
    List<Entry> since(LocalDate day);
}
