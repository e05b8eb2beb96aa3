package io.firefly.voip.ops.jmx;

import java.beans.ConstructorProperties;
import java.util.List;
import java.util.Map;

/** Trunks and whoever else sends us calls. */
@Described("Trunks (trusted addresses) and whoever else sends calls")
public interface SourcesMXBean {
    @Described("Networks that call without a password and may assert identities (firefly.sip.trusted-addresses)")
    List<String> getTrustedNetworks();

    @Described("Addresses that calls came from since the start, the last 1000")
    List<CallSource> getSources();

    @Described("What the front door refused, dropped or lost since the start, by reason")
    Map<String, Long> getRefused();

    /** One address that sent calls. */
    final class CallSource {
        private final String address;
        private final boolean trusted;
        private final long offered;
        private final long alive;
        private final String lastCallAt;

        @ConstructorProperties({"address", "trusted", "offered", "alive", "lastCallAt"})
        public CallSource(String address, boolean trusted, long offered, long alive, String lastCallAt) {
            this.address = address;
            this.trusted = trusted;
            this.offered = offered;
            this.alive = alive;
            this.lastCallAt = lastCallAt;
        }

        public String getAddress() {
            return address;
        }

        public boolean isTrusted() {
            return trusted;
        }

        /** Calls since the start. */
        public long getOffered() {
            return offered;
        }

        /** Calls now. */
        public long getAlive() {
            return alive;
        }

        public String getLastCallAt() {
            return lastCallAt;
        }
    }
}
