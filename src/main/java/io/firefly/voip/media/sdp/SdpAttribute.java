package io.firefly.voip.media.sdp;

import org.jspecify.annotations.Nullable;

/** One {@code a=} line: a flag ({@code rtcp-mux}) or a name with a value ({@code ptime:20}). */
record SdpAttribute(String name, @Nullable String value) {
    static SdpAttribute of(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) return new SdpAttribute(text.strip(), null);
        return new SdpAttribute(
                text.substring(0, colon).strip(), text.substring(colon + 1).strip());
    }

    boolean is(String otherName) {
        return name.equals(otherName);
    }

    String line() {
        return value == null ? name : name + ":" + value;
    }
}
