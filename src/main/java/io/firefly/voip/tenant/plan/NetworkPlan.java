package io.firefly.voip.tenant.plan;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Networks, each leading to something; the narrowest wins.
 *
 * <p>Filled by one thread, then read by any. A lookup is one map read per width of network in use.
 */
public final class NetworkPlan<T> {
    private final Map<Network, T> targets = new HashMap<>();
    private final TreeSet<Integer> widths = new TreeSet<>(Collections.reverseOrder());

    /**
     * Some addresses that begin with the same bits.
     *
     * @param bytes length of its addresses: 4 or 16
     * @param prefixBits how many bits count
     * @param prefix those bits
     */
    public record Network(int bytes, int prefixBits, BigInteger prefix) {
        /** {@code 203.0.113.0/24} */
        public String written() {
            byte[] address = new byte[bytes];
            byte[] low = prefix.shiftLeft(bytes * 8 - prefixBits).toByteArray();
            int count = Math.min(low.length, bytes);
            System.arraycopy(low, low.length - count, address, bytes - count, count);
            try {
                return InetAddress.getByAddress(address).getHostAddress() + "/" + prefixBits;
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address has 4 or 16 bytes", e);
            }
        }

        /** Null when {@code written} is not {@code 203.0.113.0/24}, {@code 2001:db8::/32} or one address. */
        public static @Nullable Network parse(String written) {
            int slash = written.indexOf('/');
            String host = slash < 0 ? written : written.substring(0, slash);
            // Only literals: a name would be looked up once and believed for ever.
            if (!host.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) return null;
            try {
                InetAddress address = InetAddress.getByName(host);
                int widest = address.getAddress().length * 8;
                String bits = slash < 0 ? String.valueOf(widest) : written.substring(slash + 1);
                if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > widest) return null;
                return of(address, Integer.parseInt(bits));
            } catch (UnknownHostException e) {
                return null;
            }
        }

        static Network of(InetAddress address, int prefixBits) {
            byte[] bytes = address.getAddress();
            BigInteger prefix = new BigInteger(1, bytes).shiftRight(bytes.length * 8 - prefixBits);
            return new Network(bytes.length, prefixBits, prefix);
        }

        /** Whether every address of {@code other} is one of ours. */
        public boolean covers(Network other) {
            return bytes == other.bytes
                    && prefixBits <= other.prefixBits
                    && prefix.equals(other.prefix.shiftRight(other.prefixBits - prefixBits));
        }
    }

    /** @return what the same network led to before, which it still does; null when it is new */
    public @Nullable T add(Network network, T target) {
        widths.add(network.prefixBits());
        return targets.putIfAbsent(network, target);
    }

    public @Nullable T find(InetAddress address) {
        int bits = address.getAddress().length * 8;
        for (int width : widths) {
            T found = width > bits ? null : targets.get(Network.of(address, width));
            if (found != null) return found;
        }
        return null;
    }
}
