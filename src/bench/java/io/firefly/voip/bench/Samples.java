package io.firefly.voip.bench;

import java.util.Arrays;

/** Numbers, of which percentiles are wanted. One writer; read when it has finished. */
final class Samples {
    private long[] values = new long[1024];
    private int count;

    void add(long value) {
        if (count == values.length) values = Arrays.copyOf(values, 2 * count);
        values[count++] = value;
    }

    void addAll(Samples others) {
        for (int i = 0; i < others.count; i++) add(others.values[i]);
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The nearest rank, of nanoseconds, in milliseconds; NaN when there is nothing. */
    double millis(double percentile) {
        return value(percentile) / 1e6;
    }

    private double value(double percentile) {
        if (count == 0) return Double.NaN;
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percentile / 100 * count);
        return sorted[Math.max(0, Math.min(count, rank) - 1)];
    }

    /** The percentiles of nanoseconds as milliseconds: {@code 24.1 / 33.0}. */
    String text(double... percentiles) {
        StringBuilder text = new StringBuilder();
        for (double percentile : percentiles) {
            if (text.length() > 0) text.append(" / ");
            text.append(isEmpty() ? "-" : "%.2f".formatted(millis(percentile)));
        }
        return text.toString();
    }
}
