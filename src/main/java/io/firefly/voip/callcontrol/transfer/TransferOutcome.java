package io.firefly.voip.callcontrol.transfer;

/**
 * How an attempt to connect a caller went.
 *
 * @param connected they talk with somebody else now, or were sent there
 * @param reason why not, in a word for the model ({@code busy}); empty when connected
 */
public record TransferOutcome(boolean connected, String reason) {
    public static final TransferOutcome CONNECTED = new TransferOutcome(true, "");

    /** @param reason in words without quotes */
    public static TransferOutcome failed(String reason) {
        return new TransferOutcome(false, reason);
    }

    /** @param status the final one of whoever was called; 0: none, and the caller has left to go there */
    static TransferOutcome of(int status) {
        if (status == 0 || (status >= 200 && status < 300)) return CONNECTED;
        return failed(
                switch (status) {
                    case 486, 600 -> "busy";
                    case 408, 480, 487 -> "no answer";
                    case 404, 410, 484, 604 -> "not reachable";
                    case 401, 403, 407, 603 -> "declined";
                    case 488, 606 -> "no common codec";
                    default -> "not available";
                });
    }

    /** As data for the model. */
    public String toJson() {
        return connected ? "{\"status\":\"connected\"}" : "{\"status\":\"failed\",\"reason\":\"" + reason + "\"}";
    }
}
