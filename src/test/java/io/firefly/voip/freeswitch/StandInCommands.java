package io.firefly.voip.freeswitch;

import static java.util.stream.Collectors.joining;

import io.firefly.voip.freeswitch.StandInEvents.State;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code api} and {@code bgapi} know. On the stand-in's own thread only. */
final class StandInCommands {
    private static final String NO_CHANNEL = "-ERR No such channel!\n";
    private final FreeSwitchStandIn stand;
    private final StandInCalls calls;

    StandInCommands(FreeSwitchStandIn stand, StandInCalls calls) {
        this.stand = stand;
        this.calls = calls;
    }

    String run(String line) {
        String[] words = line.strip().split(" +", 2);
        String argument = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "status" -> Recording.body("api-status");
            case "uptime" -> "4711";
            case "global_getvar" ->
                argument.equals("core_uuid") ? calls.events().core() : "";
            case "sofia" -> Recording.body("api-sofia-status").replace("5171", String.valueOf(stand.sipPort()));
            case "show" -> show(argument);
            case "hupall" -> hangUpAll();
            case "fsctl", "version", "reloadxml" -> "+OK\n";
            default -> words[0].startsWith("uuid_") ? ofChannel(words[0], argument) : unknown(words[0]);
        };
    }

    private static String unknown(String command) {
        return "-ERR " + command + " Command not found!\n";
    }

    private String hangUpAll() {
        calls.channels().forEach(channel -> calls.end(channel, "MANAGER_REQUEST"));
        return "+OK hangup all channels with cause MANAGER_REQUEST\n";
    }

    private String ofChannel(String command, String argument) {
        List<String> words = words(argument);
        if (words.isEmpty()) return command.equals("uuid_kill") ? Recording.body("api-uuid_kill") : "-USAGE: <uuid>\n";
        StandInChannel channel = calls.channel(words.get(0));
        if (command.equals("uuid_exists")) return String.valueOf(channel != null);
        if (command.equals("uuid_bridge")) return bridge(channel, words);
        if (channel == null) return NO_CHANNEL;
        return switch (command) {
            case "uuid_getvar" ->
                words.size() < 2 ? "-USAGE: <uuid> <var>\n" : orUndefined(channel.variable(words.get(1)));
            case "uuid_setvar" -> set(channel, words.get(1), words.size() > 2 ? words.get(2) : "");
            case "uuid_setvar_multi" -> setAll(channel, argument.substring(argument.indexOf(' ') + 1));
            case "uuid_dump" -> dump(channel, words.size() > 1 && words.get(1).equals("json"));
            case "uuid_kill" -> kill(channel, words.size() > 1 ? words.get(1) : "NORMAL_CLEARING");
            case "uuid_transfer" -> transfer(channel, words);
            case "uuid_deflect" -> deflect(channel, words.size() > 1 ? words.get(1) : "");
            case "uuid_break", "uuid_send_dtmf", "uuid_jitterbuffer", "uuid_set_media_stats", "uuid_media" ->
                "+OK Success\n";
            case "uuid_record" -> "+OK Success\n";
            default -> unknown(command);
        };
    }

    private String bridge(@Nullable StandInChannel channel, List<String> words) {
        StandInChannel other = words.size() > 1 ? calls.channel(words.get(1)) : null;
        if (channel == null || other == null) return "-ERR Invalid uuid\n";
        calls.bridge(channel, other);
        return "+OK " + other.uuid + "\n";
    }

    private static String set(StandInChannel channel, String name, String value) {
        if (value.isEmpty()) channel.variables.remove(name);
        else channel.variables.put(name, value);
        return "+OK\n";
    }

    private static String setAll(StandInChannel channel, String pairs) {
        for (String pair : pairs.split(";", -1))
            set(channel, pair.replaceFirst("=.*", ""), pair.replaceFirst("[^=]*=?", ""));
        return "+OK\n";
    }

    private String kill(StandInChannel channel, String cause) {
        calls.end(channel, cause);
        return "+OK\n";
    }

    /** {@code park} inline, with {@code -both} or without, or {@code 'socket:host:port async full,...'} inline. */
    private String transfer(StandInChannel channel, List<String> words) {
        String where = words.stream()
                .filter(word -> word.matches("park.*|socket:.*"))
                .findFirst()
                .orElse("");
        if (where.isEmpty()) return "-ERR the stand-in transfers to park and socket only\n";
        calls.unbridge(channel);
        if (where.startsWith("socket:"))
            calls.handOver(channel, where.substring(7).replaceFirst(" .*", ""));
        return "+OK\n";
    }

    private String deflect(StandInChannel channel, String to) {
        if (to.isEmpty()) return "-USAGE: <uuid> <uri>\n";
        stand.sip().refer(channel, to);
        return "+OK:\n";
    }

    private String dump(StandInChannel channel, boolean asJson) {
        StandInEvent event = calls.events().of("CHANNEL_PARK", channel).with("Event-Name", "CHANNEL_DATA");
        String text = asJson ? event.json() : event.plain();
        return text.substring(text.indexOf("\n\n") + 2);
    }

    private String show(String what) {
        List<StandInChannel> all = calls.channels();
        if (what.startsWith("channels count")) return "\n" + all.size() + " total.\n";
        if (!what.contains("json"))
            return all.stream().map(channel -> channel.uuid + ",inbound\n").collect(joining()) + "\n" + all.size()
                    + " total.\n";
        if (all.isEmpty()) return Recording.body("api-show-no-channels");
        return all.stream().map(this::row).collect(joining(",", "{\"row_count\":" + all.size() + ",\"rows\":[", "]}"));
    }

    private String row(StandInChannel channel) {
        Map<String, Object> row = new java.util.LinkedHashMap<>();
        row.put("uuid", channel.uuid);
        row.put("direction", "inbound");
        row.put("created_epoch", String.valueOf(channel.createdSeconds));
        row.put("name", "sofia/firefly/" + channel.invite.callerUser() + "@127.0.0.1");
        row.put("state", channel.other == null ? "CS_EXECUTE" : "CS_EXCHANGE_MEDIA");
        row.put("cid_num", channel.invite.callerUser());
        row.put("dest", channel.called());
        row.put("application", channel.application);
        row.put("application_data", channel.applicationData);
        row.put("read_codec", channel.rtp.codec().name());
        row.put("callstate", channel.state == State.RINGING ? "RINGING" : channel.state.name());
        row.put("call_uuid", channel.other == null ? "" : channel.uuid);
        return StandInJson.text(row);
    }

    private static String orUndefined(@Nullable String value) {
        return value == null ? "_undef_" : value;
    }

    /** Words with 'quotes' around those that have spaces. */
    static List<String> words(String text) {
        var quoted = java.util.regex.Pattern.compile("'([^']*)'|(\\S+)").matcher(text);
        return quoted.results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .toList();
    }
}
