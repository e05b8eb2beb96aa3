package io.firefly.voip.ops.jmx;

import io.firefly.voip.call.Source;
import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.tenant.TenantBook;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Counts calls by the address they came from; the address that is longest unheard falls out. */
final class Sources implements SourcesMXBean {
    private static final int MOST = 1000;

    private final List<String> trustedNetworks;
    private final Supplier<CallController> calls;
    private final Supplier<SipFront> front;
    private final Supplier<TenantBook> tenants;
    private final Clock clock;
    private final Map<String, Seen> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > MOST;
        }
    };

    private record Seen(InetAddress address, boolean trusted, long calls, Instant last) {}

    Sources(
            List<String> trustedNetworks,
            Supplier<CallController> calls,
            Supplier<SipFront> front,
            Supplier<TenantBook> tenants,
            Clock clock) {
        this.tenants = tenants;
        this.trustedNetworks = List.copyOf(trustedNetworks);
        this.calls = calls;
        this.front = front;
        this.clock = clock;
    }

    synchronized void offered(Source source) {
        byAddress.merge(
                address(source),
                new Seen(source.address().getAddress(), source.trusted(), 1, clock.instant()),
                (before, now) -> new Seen(now.address(), now.trusted(), before.calls() + 1, now.last()));
    }

    private static String address(Source source) {
        return source.address().getAddress().getHostAddress();
    }

    @Override
    public List<String> getTrustedNetworks() {
        return trustedNetworks;
    }

    @Override
    public List<TrunkState> getTrunks() {
        TenantBook.Page page = tenants.get().page();
        Map<String, Long> offered = new TreeMap<>();
        for (Seen seen : snapshot().values())
            page.trunkOf(seen.address()).ifPresent(id -> offered.merge(id, seen.calls(), Long::sum));
        Map<String, Long> alive = new TreeMap<>();
        calls.get().calls().forEach(call -> page.trunkOf(call.source().address().getAddress())
                .ifPresent(id -> alive.merge(id, 1L, Long::sum)));
        return page.trunks().stream()
                .map(trunk -> new TrunkState(
                        trunk.id(),
                        trunk.networks(),
                        trunk.tenants(),
                        offered.getOrDefault(trunk.id(), 0L),
                        alive.getOrDefault(trunk.id(), 0L)))
                .toList();
    }

    @Override
    public List<CallSource> getSources() {
        Map<String, Long> alive = calls.get().calls().stream()
                .map(call -> address(call.source()))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        List<CallSource> sources = new ArrayList<>();
        snapshot()
                .forEach((address, seen) -> sources.add(new CallSource(
                        address,
                        seen.trusted(),
                        seen.calls(),
                        alive.getOrDefault(address, 0L),
                        seen.last().toString())));
        return sources;
    }

    private synchronized Map<String, Seen> snapshot() {
        return new TreeMap<>(byAddress);
    }

    @Override
    public Map<String, Long> getRefused() {
        return front.get().counters();
    }
}
