package io.firefly.voip.agent.simulator.script;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.script.Fault.At;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the entries of {@code faults}: a place, and exactly one deed. */
final class FaultReader {
    private static final Set<String> DEEDS = new LinkedHashSet<>(
            List.of("close", "stall", "deaf", "error", "fail", "send", "oversize", "repeat", "hold", "drop", "expire"));
    private static final Set<String> KEYS = new LinkedHashSet<>(DEEDS);

    static {
        KEYS.addAll(List.of("at", "after", "reason", "message", "for"));
    }

    private static final int CUT = 1006;
    private static final int MAX_FRAME = 64 << 20;

    private FaultReader() {}

    static Set<String> keys() {
        return KEYS;
    }

    /** @param first where a fault is that does not say so; {@code places} are the others it may name */
    static List<Fault> read(ScriptFields owner, At first, List<At> places) {
        List<Fault> faults = new ArrayList<>();
        for (ScriptFields entry : owner.entries("faults", KEYS)) {
            faults.add(new Fault(entry.oneOf("at", first, places), entry.millis("after", 0), deed(entry), told(entry)));
        }
        return faults;
    }

    /** What is to be done; does nothing where a mistake was noted. */
    static Consumer<Victim> deed(ScriptFields entry) {
        List<String> deeds = entry.names().stream().filter(DEEDS::contains).toList();
        if (deeds.size() != 1) {
            String found = deeds.isEmpty() ? "none" : String.join(" and ", deeds);
            entry.mistake(
                    deeds.isEmpty() ? "" : deeds.get(1),
                    "a fault does exactly one of: " + String.join(", ", DEEDS) + "; here is " + found + ".");
            return victim -> {};
        }
        return switch (deeds.get(0)) {
            case "close" -> close(entry);
            case "error", "fail" -> complaint(entry, deeds.get(0));
            case "send" -> send(entry);
            case "oversize" -> oversize(entry);
            case "expire" -> expire(entry);
            default -> timed(entry, deeds.get(0));
        };
    }

    static String told(ScriptFields entry) {
        StringBuilder told = new StringBuilder();
        for (String name : entry.names()) {
            if (!DEEDS.contains(name)) continue;
            told.append(name).append(' ').append(entry.isMapping(name) ? "{...}" : entry.text(name, ""));
        }
        return told.toString();
    }

    private static Consumer<Victim> close(ScriptFields entry) {
        int code = entry.integer("close", CUT, 1000, 4999);
        // RFC 6455, 7.4.1: 1004, 1005 and 1015 never stand in a close frame. 1006 neither: it means to cut the line.
        if (code == 1004 || code == 1005 || code == 1015) {
            entry.mistake("close", "no close frame may say " + code + "; 1006 cuts the connection, 1011 is an error.");
        }
        String reason = entry.text("reason", "");
        if (reason.length() > 120) entry.mistake("reason", "'reason' must have at most 120 characters.");
        return victim -> victim.close(code, reason);
    }

    private static Consumer<Victim> complaint(ScriptFields entry, String deed) {
        String code = entry.text(deed, "");
        String message = entry.text("message", "The simulator was told to say " + code + ".");
        if (code.isBlank()) entry.mistake(deed, "'" + deed + "' must be a code, such as server_error.");
        return deed.equals("fail") ? victim -> victim.fail(code, message) : victim -> victim.error(code, message);
    }

    private static Consumer<Victim> send(ScriptFields entry) {
        if (!entry.isMapping("send")) {
            String frame = entry.text("send", "");
            return victim -> victim.send(frame);
        }
        ObjectNode event = entry.json("send");
        String frame = String.valueOf(event);
        return victim -> victim.send(frame);
    }

    private static Consumer<Victim> oversize(ScriptFields entry) {
        int bytes = entry.integer("oversize", 1, 1, MAX_FRAME);
        return victim -> victim.oversize(bytes);
    }

    private static Consumer<Victim> expire(ScriptFields entry) {
        if (!entry.flag("expire")) entry.mistake("expire", "write 'expire: true'.");
        return Victim::expire;
    }

    private static Consumer<Victim> timed(ScriptFields entry, String deed) {
        if (deed.equals("stall") || deed.equals("deaf")) {
            long millis = entry.millis(deed, 0);
            return deed.equals("deaf") ? victim -> victim.deaf(millis) : victim -> victim.stall(millis);
        }
        String type = entry.text(deed, "");
        if (!type.matches("[a-z_.]{3,80}")) {
            entry.mistake(deed, "'" + deed + "' must be the type of a server event, such as response.done.");
        }
        if (deed.equals("repeat")) return victim -> victim.repeat(type);
        if (deed.equals("drop")) return victim -> victim.drop(type);
        long millis = entry.millis("for", 500);
        return victim -> victim.hold(type, millis);
    }
}
