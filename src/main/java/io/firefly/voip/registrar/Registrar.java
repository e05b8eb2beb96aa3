package io.firefly.voip.registrar;

import io.firefly.voip.call.Source;
import io.firefly.voip.registrar.ContactHeader.Contact;
import io.firefly.voip.registrar.LocationService.Revision;
import io.firefly.voip.sip.digest.HeaderReading;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Carries out a REGISTER by RFC 3261 10.3: fetch, add, refresh, remove, remove all; everything or nothing of it.
 *
 * <p>Any thread; writes to the database before it answers.
 */
public final class Registrar {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
    private static final int MAX_CALL_ID_LENGTH = 255;

    /**
     * A REGISTER.
     *
     * @param user of the address-of-record: the user part of To
     * @param contacts the values of Contact in wire order, comma-joined or not
     * @param expires the value of the Expires header
     * @param required the option tags of Require
     * @param source where it came from and, once proved, who sent it
     */
    public record Request(
            String user,
            String callId,
            long cseq,
            List<String> contacts,
            @Nullable String expires,
            List<String> required,
            Source source) {
        public Request {
            contacts = List.copyOf(contacts);
            required = List.copyOf(required);
        }
    }

    /** @param reason the phrase of the response; null takes the standard one */
    public record Outcome(int status, @Nullable String reason, Map<String, List<String>> headers) {
        public Outcome {
            headers = Map.copyOf(headers);
        }

        static Outcome refused(int status, String reason) {
            return new Outcome(status, reason, Map.of());
        }
    }

    /** A contact and how many seconds it wants; 0 takes it out. */
    private record Wish(Contact contact, long seconds) {}

    private final RegistrarProperties.Bindings settings;
    private final LocationService locations;
    private final Clock clock;
    private final LongAdder registered = new LongAdder();
    private final LongAdder refused = new LongAdder();

    Registrar(RegistrarProperties.Bindings settings, LocationService locations, Clock clock) {
        this.settings = settings;
        this.locations = locations;
        this.clock = clock;
    }

    public Outcome register(Request request) {
        Outcome outcome;
        try {
            outcome = decide(request);
        } catch (DataAccessException e) {
            LOG.error("bindings cannot be written: REGISTER is answered 503", e);
            outcome = new Outcome(503, "Service Unavailable", Map.of("Retry-After", List.of("30")));
        }
        (outcome.status() == 200 ? registered : refused).increment();
        return outcome;
    }

    private Outcome decide(Request request) {
        if (!request.required().isEmpty()) {
            return new Outcome(420, "Bad Extension", Map.of("Unsupported", request.required()));
        }
        if (!request.user().equals(request.source().subscriber())) {
            return Outcome.refused(403, "Not Your Address");
        }
        if (request.callId().length() > MAX_CALL_ID_LENGTH) return Outcome.refused(400, "Call-ID Too Long");
        HeaderReading<ContactHeader> reading = ContactHeader.parse(request.contacts());
        if (reading instanceof HeaderReading.Malformed<ContactHeader> bad) {
            return Outcome.refused(400, "Bad Contact: " + bad.reason());
        }
        ContactHeader header = ((HeaderReading.Value<ContactHeader>) reading).value();
        if (header.star()) return removeAll(request, header);
        return header.contacts().isEmpty() ? fetch(request) : bind(request, header.contacts());
    }

    private Outcome fetch(Request request) {
        return listing(locations.lookup(request.user()));
    }

    private Outcome removeAll(Request request, ContactHeader header) {
        // RFC 3261 10.3 step 6
        if (!header.contacts().isEmpty() || secondsIn(request.expires(), -1) != 0) {
            return Outcome.refused(400, "Bad Contact: * stands alone and with Expires: 0");
        }
        return locations.inTurn(
                request.user(),
                now -> isLate(request, now) ? late() : carryOut(request, new Revision(now, List.of()), now));
    }

    private Outcome bind(Request request, List<Contact> contacts) {
        long wanted = secondsIn(request.expires(), settings.defaultExpires().toSeconds());
        List<Wish> wishes = new ArrayList<>();
        for (Contact contact : contacts) {
            long seconds = contact.expires() == null
                    ? wanted
                    : secondsIn(contact.expires(), settings.defaultExpires().toSeconds());
            if (seconds > 0 && seconds < settings.minExpires().toSeconds()) return tooBrief();
            wishes.add(new Wish(contact, Math.min(seconds, settings.maxExpires().toSeconds())));
        }
        return locations.inTurn(request.user(), now -> {
            Revision revision = plan(request, wishes, now);
            return revision == null ? late() : carryOut(request, revision, now);
        });
    }

    private Outcome tooBrief() {
        String min = String.valueOf(settings.minExpires().toSeconds());
        return new Outcome(423, "Interval Too Brief", Map.of("Min-Expires", List.of(min)));
    }

    private Outcome carryOut(Request request, Revision revision, List<Binding> now) {
        List<Binding> after = revision.appliedTo(now);
        if (after.size() > settings.maxPerUser()) return Outcome.refused(403, "Too Many Contacts");
        locations.write(request.user(), revision, after);
        return listing(after);
    }

    // RFC 3261 10.3 step 7 aborts the request; 500 is what a UA expects for an old CSeq (12.2.2).
    private static Outcome late() {
        return Outcome.refused(500, "CSeq Out Of Order");
    }

    /** Null when the request is older than what it would change. */
    private @Nullable Revision plan(Request request, List<Wish> wishes, List<Binding> now) {
        Map<String, Binding> removed = new LinkedHashMap<>();
        List<Binding> written = new ArrayList<>();
        for (Wish wish : wishes) {
            List<Binding> same = now.stream()
                    .filter(binding -> isSame(binding, wish.contact()))
                    .toList();
            if (isLate(request, same)) return null;
            written.removeIf(binding -> isSame(binding, wish.contact()));
            same.forEach(binding -> removed.put(binding.id(), binding));
            if (wish.seconds() > 0) written.add(binding(request, wish, same));
        }
        written.forEach(binding -> removed.remove(binding.id()));
        return new Revision(List.copyOf(removed.values()), written);
    }

    private static boolean isLate(Request request, List<Binding> bindings) {
        return bindings.stream()
                .anyMatch(binding -> binding.callId().equals(request.callId()) && request.cseq() <= binding.cseq());
    }

    /** RFC 5626: the same telephone and flow number, else RFC 3261 19.1.4: the same address. */
    private static boolean isSame(Binding binding, Contact contact) {
        String instance = contact.instance();
        if (instance != null && instance.equals(binding.parameter("+sip.instance"))) {
            String regId = contact.regId();
            String known = binding.parameter("reg-id");
            if (regId == null ? known == null : regId.equals(known)) return true;
        }
        ContactUri uri = ContactUri.parse(binding.contact());
        return uri != null && uri.isSameAs(contact.uri());
    }

    private Binding binding(Request request, Wish wish, List<Binding> same) {
        Source source = request.source();
        String address = source.address().getAddress() != null
                ? source.address().getAddress().getHostAddress()
                : source.address().getHostString();
        return new Binding(
                same.isEmpty()
                        ? UUID.randomUUID().toString().replace("-", "")
                        : same.get(0).id(),
                request.user(),
                wish.contact().uri().text(),
                wish.contact().parameterText(),
                request.callId(),
                request.cseq(),
                clock.instant().plusSeconds(wish.seconds()),
                new Binding.Flow(source.transport(), address, source.address().getPort()));
    }

    private Outcome listing(List<Binding> bindings) {
        if (bindings.isEmpty()) return new Outcome(200, null, Map.of());
        Instant now = clock.instant();
        return new Outcome(
                200,
                null,
                Map.of(
                        "Contact",
                        bindings.stream()
                                .map(binding -> binding.headerValue(now))
                                .toList()));
    }

    // RFC 3261 10.2.1.1: a malformed value counts as the default; RFC 3261 20.19: at most 2^32-1.
    private static long secondsIn(@Nullable String text, long otherwise) {
        if (text == null || !SECONDS.matcher(text.strip()).matches()) return otherwise;
        return Long.parseLong(text.strip());
    }

    /** REGISTERs answered 200, queries included. */
    public long registered() {
        return registered.sum();
    }

    /** REGISTERs answered otherwise. */
    public long refused() {
        return refused.sum();
    }
}
