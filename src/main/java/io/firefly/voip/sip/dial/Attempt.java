package io.firefly.voip.sip.dial;

import io.firefly.voip.sip.header.Tokens;

/**
 * An INVITE as it goes out. One that was challenged goes out again, with a number and a branch of its own (RFC 3261
 * 22.2).
 *
 * @param authorization its line, with the end of it; empty as long as nobody asked
 */
record Attempt(long cseq, String branch, String authorization) {
    static Attempt unasked(long cseq) {
        return new Attempt(cseq, Tokens.newBranch(), "");
    }

    Attempt authorized(long next, String line) {
        return new Attempt(next, Tokens.newBranch(), line);
    }

    boolean isAuthorized() {
        return !authorization.isEmpty();
    }
}
