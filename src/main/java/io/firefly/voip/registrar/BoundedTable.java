package io.firefly.voip.registrar;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A table that cannot grow beyond its bound: the entry not used for longest falls out and is counted. Entries die of age.
 *
 * <p>Any thread. Times are milliseconds of the owner's clock.
 */
final class BoundedTable<K, V> {
    private record Entry<V>(V value, long expiresAtMillis) {}

    private final int maxEntries;
    private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long evicted;

    BoundedTable(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    synchronized @Nullable V get(K key, long nowMillis) {
        Entry<V> entry = entries.get(key);
        if (entry == null) return null;
        if (entry.expiresAtMillis() > nowMillis) return entry.value();
        entries.remove(key);
        return null;
    }

    synchronized void put(K key, V value, long expiresAtMillis) {
        entries.put(key, new Entry<>(value, expiresAtMillis));
        if (entries.size() > maxEntries) dropEldest();
    }

    /** Replaces the value, starting from {@code absent} when there is none or it is too old. */
    synchronized V update(K key, V absent, UnaryOperator<V> change, long nowMillis, long livesMillis) {
        V old = get(key, nowMillis);
        V changed = change.apply(old != null ? old : absent);
        put(key, changed, nowMillis + livesMillis);
        return changed;
    }

    synchronized void remove(K key) {
        entries.remove(key);
    }

    synchronized int size() {
        return entries.size();
    }

    /** Entries that fell out because the table was full. */
    synchronized long evicted() {
        return evicted;
    }

    private void dropEldest() {
        Map.Entry<K, Entry<V>> eldest = entries.entrySet().iterator().next();
        entries.remove(eldest.getKey());
        evicted++;
    }
}
