package io.firefly.voip.camel.freeswitch.esl;

import io.firefly.voip.call.HangupCause;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A command to FreeSWITCH. Nothing gets into it that would begin another line or another command.
 *
 * @param text as it goes over the wire, without the empty line at its end
 */
public record EslCommand(String text) {
    /** Of an event socket of a call: all events of its channel. */
    public static final EslCommand OWN_EVENTS = new EslCommand("myevents plain");

    /** And those of the seconds after its end. */
    public static final EslCommand LINGER = new EslCommand("linger 5");

    public static final EslCommand EXIT = new EslCommand("exit");

    private static final int MAX_CHARS = 64 * 1024;
    private static final Pattern UUID = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern EVENT = Pattern.compile("[A-Z_]{2,64}");
    private static final Pattern SUBCLASS = Pattern.compile("[A-Za-z0-9_:.-]{1,128}");

    public EslCommand {
        if (text.length() > MAX_CHARS)
            throw new IllegalArgumentException(
                    "a command of " + text.length() + " characters; " + MAX_CHARS + " are possible");
    }

    /** A command of one line. */
    static EslCommand of(String line) {
        return new EslCommand(oneLine(line, "the command"));
    }

    static EslCommand auth(String password) {
        return new EslCommand("auth " + oneLine(password, "the password"));
    }

    /** @throws IllegalArgumentException for a word that is none, and for control characters */
    public static EslCommand api(String command, String arguments) {
        return new EslCommand("api " + word(command, "command") + spaced(arguments));
    }

    /** @throws IllegalArgumentException for a word that is none, and for control characters */
    public static void check(String command, String arguments) {
        EslCommand unused = api(command, arguments);
    }

    /** @param job comes back as Job-UUID of the BACKGROUND_JOB event */
    static EslCommand background(String command, String arguments, String job) {
        return new EslCommand("bgapi " + word(command, "command") + spaced(arguments) + "\nJob-UUID: " + job);
    }

    /**
     * Runs an application on a channel; FreeSWITCH expands variables and API calls in its argument.
     *
     * @param id comes back as Application-UUID of the CHANNEL_EXECUTE_COMPLETE event
     */
    static EslCommand execute(String uuid, String application, String argument, String id) {
        word(application, "application");
        withoutExpansion(argument);
        String argumentLine = argument.isEmpty() ? "" : "\nexecute-app-arg: " + oneLine(argument, "the argument");
        return new EslCommand("sendmsg " + uuid(uuid) + "\ncall-command: execute\nexecute-app-name: " + application
                + argumentLine + "\nEvent-UUID: " + id);
    }

    /** The same, in the order in which it was asked; until it is over nothing else begins on that channel. */
    static EslCommand queue(String uuid, String application, String argument, String id) {
        return new EslCommand(execute(uuid, application, argument, id).text() + "\nevent-lock: true");
    }

    /** Ends a channel. */
    public static EslCommand hangUp(String uuid, HangupCause cause) {
        return new EslCommand(
                "sendmsg " + uuid(uuid) + "\ncall-command: hangup\nhangup-cause: " + SwitchCause.of(cause));
    }

    /** @param subclasses of CUSTOM events */
    public static EslCommand subscribe(Collection<String> names, Collection<String> subclasses) {
        names.forEach(name -> checked(name, EVENT, "event"));
        subclasses.forEach(name -> checked(name, SUBCLASS, "subclass of events"));
        String custom = subclasses.isEmpty() ? "" : " CUSTOM " + String.join(" ", subclasses);
        return new EslCommand("event plain " + String.join(" ", names) + custom);
    }

    /** @throws IllegalArgumentException when one of them is no name of an event or subclass */
    public static void checkNames(List<String> names, List<String> subclasses) {
        EslCommand unused = subscribe(names, subclasses);
    }

    /** @throws IllegalArgumentException when it would make FreeSWITCH look something up or run it */
    public static String withoutExpansion(String text) {
        if (text.contains("${"))
            throw new IllegalArgumentException(
                    "'${' in '" + shown(text)
                            + "': FreeSWITCH would expand it, and run commands in it. Take it out of what a caller or an agent said");
        return text;
    }

    /** @throws IllegalArgumentException for control characters */
    public static String oneLine(String text, String what) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 127))
            throw new IllegalArgumentException(
                    "a control character in " + what + " '" + shown(text) + "': a line break would begin a command");
        return text;
    }

    private static String uuid(String uuid) {
        return checked(uuid, UUID, "channel uuid");
    }

    private static String word(String text, String what) {
        return checked(text, WORD, what);
    }

    private static String checked(String text, Pattern pattern, String what) {
        if (!pattern.matcher(text).matches()) throw new IllegalArgumentException("'" + shown(text) + "' is no " + what);
        return text;
    }

    private static String spaced(String arguments) {
        return arguments.isEmpty() ? "" : " " + oneLine(arguments, "the arguments");
    }

    private static String shown(String text) {
        String start = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    /** Its first line; a password is not shown. */
    @Override
    public String toString() {
        if (text.startsWith("auth ")) return "auth";
        String line = text.lines().findFirst().orElse("");
        String application = text.lines()
                .filter(header -> header.startsWith("execute-app-name: ") || header.startsWith("call-command: hangup"))
                .findFirst()
                .map(header -> " " + header.substring(header.indexOf(':') + 2))
                .orElse("");
        return shown(line + application);
    }
}
