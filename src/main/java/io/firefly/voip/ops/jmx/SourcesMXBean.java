package io.firefly.voip.ops.jmx;

import java.beans.ConstructorProperties;
import java.util.List;
import java.util.Map;

/** Trunks and whoever else sends us calls. */
@Described("Trunks (trusted addresses) and whoever else sends calls")
public interface SourcesMXBean {
    @Described("Networks that call without a password and may assert identities (firefly.sip.trusted-addresses)")
    List<String> getTrustedNetworks();

    @Described("Trunks of tenants.yaml: who may say for which tenants a call is")
    List<TrunkState> getTrunks();

    @Described("Addresses that calls came from since the start, the last 1000")
    List<CallSource> getSources();

    @Described("What the front door refused, dropped or lost since the start, by reason")
    Map<String, Long> getRefused();

    /** One trunk and what came from it. */
    final class TrunkState {
        private final String id;
        private final List<String> networks;
        private final List<String> tenants;
        private final long offered;
        private final long alive;

        @ConstructorProperties({"id", "networks", "tenants", "offered", "alive"})
        public TrunkState(String id, List<String> networks, List<String> tenants, long offered, long alive) {
            this.id = id;
            this.networks = List.copyOf(networks);
            this.tenants = List.copyOf(tenants);
            this.offered = offered;
            this.alive = alive;
        }

        public String getId() {
            return id;
        }

        public List<String> getNetworks() {
            return networks;
        }

        /** Those it may speak for. */
        public List<String> getTenants() {
            return tenants;
        }

        /** Calls since the start, of its addresses among the last 1000. */
        public long getOffered() {
            return offered;
        }

        /** Calls now. */
        public long getAlive() {
            return alive;
        }
    }

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
