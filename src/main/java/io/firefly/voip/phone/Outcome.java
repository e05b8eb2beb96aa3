package io.firefly.voip.phone;

/** How a test call went; the exit code of the process. */
enum Outcome {
    OK(0),
    FAILED(1),
    USAGE(2),
    UNREACHABLE(4),
    DENIED(5),
    TIMEOUT(6),
    INTERRUPTED(130);

    private final int exitCode;

    Outcome(int exitCode) {
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    static Outcome ofStatus(int status) {
        return switch (status) {
            case 401, 403, 407 -> DENIED;
            case 408, 504 -> TIMEOUT;
            default -> FAILED;
        };
    }
}
