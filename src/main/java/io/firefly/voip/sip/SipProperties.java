package io.firefly.voip.sip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the front door.
 *
 * @param bind address to listen at
 * @param port for UDP and TCP alike; 0 takes any free one
 * @param advertise address others reach us at (behind NAT); null takes the one a packet to the peer would leave from
 * @param trustedAddresses networks ({@code 192.0.2.0/24}) of carriers that may assert identities and diversions
 * @param peers who may ask us for a password, when we call them or refer a call of theirs
 * @param threads that answer by TCP and serve timers; a call by UDP is served by the thread that reads
 * @param unansweredTimeout an INVITE nobody decided for that long is ended
 */
@ConfigurationProperties(prefix = "firefly.sip", ignoreUnknownFields = false)
record SipProperties(
        @DefaultValue("0.0.0.0") String bind,
        @DefaultValue("5060") int port,
        @Nullable String advertise,
        @DefaultValue("true") boolean udp,
        @DefaultValue("true") boolean tcp,
        @DefaultValue({}) List<String> trustedAddresses,
        @DefaultValue({}) List<Peer> peers,
        @DefaultValue("4") int threads,
        @DefaultValue("3m") Duration unansweredTimeout,
        @DefaultValue Limits limits) {

    SipProperties {
        trustedAddresses = List.copyOf(trustedAddresses);
        trustedAddresses.forEach(network -> Network.parse(network, "firefly.sip.trusted-addresses"));
        peers = List.copyOf(peers);
        require(port >= 0 && port <= 65535, "firefly.sip.port must be 0 to 65535, not " + port);
        require(udp || tcp, "firefly.sip.udp and firefly.sip.tcp are both off: nobody could reach us");
        require(threads >= 1 && threads <= 64, "firefly.sip.threads must be 1 to 64, not " + threads);
        require(
                unansweredTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
                "firefly.sip.unanswered-timeout must be at least 1s, not " + unansweredTimeout);
        if (advertise != null && advertise.isBlank()) advertise = null;
        require(
                advertise == null
                        || advertise.matches("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*]?"),
                "firefly.sip.advertise must be a host name or an address without port, not '" + advertise + "'");
    }

    /** The networks whose word counts; to be kept by who asks often. */
    List<Network> trustedNetworks() {
        return Network.all(trustedAddresses, "firefly.sip.trusted-addresses");
    }

    boolean trusts(InetAddress address) {
        return Network.anyHas(trustedNetworks(), address);
    }

    /** What proves to that address who we are; null when it shall not know. */
    SipFront.@Nullable Credentials credentialsFor(InetAddress address) {
        return peers.stream()
                .filter(peer -> Network.anyHas(peer.parsed(), address))
                .findFirst()
                .map(peer -> new SipFront.Credentials(peer.user(), peer.password()))
                .orElse(null);
    }

    /**
     * A carrier or PBX that wants a password of us. Others hear none: what they are told could be tried against a word list.
     *
     * @param networks its addresses ({@code 192.0.2.0/24})
     */
    record Peer(
            @DefaultValue({}) List<String> networks,
            @DefaultValue("") String user,
            @DefaultValue("") String password) {
        private static final String KEY = "firefly.sip.peers[]";

        Peer {
            networks = List.copyOf(networks);
            List<Network> unused = Network.all(networks, KEY + ".networks");
            require(!networks.isEmpty(), KEY + ".networks is empty; write 192.0.2.0/24");
            require(!user.isEmpty() && !password.isEmpty(), KEY + ".user and " + KEY + ".password must both be set");
        }

        List<Network> parsed() {
            return Network.all(networks, KEY + ".networks");
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Peer[networks=" + networks + ", user=" + user + "]";
        }
    }

    /**
     * What strangers may ask of us.
     *
     * @param calls alive at a time; one more hears 503
     * @param transactions of requests alive at a time; an INVITE above it is dropped, of others the oldest is forgotten
     * @param messageBytes longer messages are refused
     * @param burst requests one untrusted address may send at once
     * @param ratePerSecond requests it may send on average
     * @param ban for an address that goes on when it was refused; doubled each time, up to a day
     * @param connections TCP connections at a time
     * @param connectionsPerAddress of one address
     */
    record Limits(
            @DefaultValue("2000") int calls,
            @DefaultValue("20000") int transactions,
            @DefaultValue("16384") int messageBytes,
            @DefaultValue("40") int burst,
            @DefaultValue("8") double ratePerSecond,
            @DefaultValue("5m") Duration ban,
            @DefaultValue("1000") int connections,
            @DefaultValue("20") int connectionsPerAddress) {
        Limits {
            require(calls > 0, "firefly.sip.limits.calls must be positive, not " + calls);
            require(transactions > 0, "firefly.sip.limits.transactions must be positive, not " + transactions);
            require(
                    messageBytes >= 1500 && messageBytes <= 65507,
                    "firefly.sip.limits.message-bytes must be 1500 to 65507, not " + messageBytes);
            require(burst > 0, "firefly.sip.limits.burst must be positive, not " + burst);
            require(ratePerSecond > 0, "firefly.sip.limits.rate-per-second must be positive, not " + ratePerSecond);
            require(!ban.isNegative(), "firefly.sip.limits.ban must not be negative, not " + ban);
            require(connections > 0, "firefly.sip.limits.connections must be positive, not " + connections);
            require(
                    connectionsPerAddress > 0,
                    "firefly.sip.limits.connections-per-address must be positive, not " + connectionsPerAddress);
        }

        static final Limits DEFAULT = new Limits(2000, 20000, 16384, 40, 8, Duration.ofMinutes(5), 1000, 20);
    }

    private static void require(boolean right, String sentence) {
        if (!right) throw new IllegalArgumentException(sentence);
    }

    /** An address range in CIDR notation; a bare address is a range of one. */
    record Network(InetAddress address, int prefixBits) {
        static List<Network> all(List<String> texts, String key) {
            return texts.stream().map(text -> parse(text, key)).toList();
        }

        static Network parse(String text, String key) {
            String sentence = key + " holds '" + text + "'; write 192.0.2.0/24 or 2001:db8::/32";
            int slash = text.indexOf('/');
            String host = slash < 0 ? text : text.substring(0, slash);
            // Only literals: a name would be looked up once and trusted for ever.
            require(host.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"), sentence);
            try {
                InetAddress address = InetAddress.getByName(host);
                int widest = address.getAddress().length * 8;
                String bits = slash < 0 ? String.valueOf(widest) : text.substring(slash + 1);
                require(bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= widest, sentence);
                return new Network(address, Integer.parseInt(bits));
            } catch (UnknownHostException noAddress) {
                throw new IllegalArgumentException(sentence, noAddress);
            }
        }

        static boolean anyHas(List<Network> networks, InetAddress address) {
            for (Network network : networks) {
                if (network.contains(address)) return true;
            }
            return false;
        }

        boolean contains(InetAddress candidate) {
            byte[] ours = address.getAddress();
            byte[] theirs = candidate.getAddress();
            if (ours.length != theirs.length) return false;
            for (int bit = 0; bit < prefixBits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) return false;
            }
            return true;
        }
    }
}
