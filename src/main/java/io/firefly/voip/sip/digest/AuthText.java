package io.firefly.voip.sip.digest;

/** Writes the parameter list of an authentication header. */
final class AuthText {
    private final StringBuilder text = new StringBuilder("Digest ");
    private boolean first = true;

    AuthText quoted(String name, String value) {
        start(name).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == 0x7f) throw new IllegalArgumentException("control character in " + name);
            if (c == '"' || c == '\\') text.append('\\');
            text.append(c);
        }
        text.append('"');
        return this;
    }

    AuthText token(String name, String value) {
        start(name).append(value);
        return this;
    }

    private StringBuilder start(String name) {
        if (!first) text.append(", ");
        first = false;
        return text.append(name).append('=');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
