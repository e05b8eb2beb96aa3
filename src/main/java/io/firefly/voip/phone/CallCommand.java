package io.firefly.voip.phone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.phone.CallSettings.Credentials;
import io.firefly.voip.phone.CallSettings.Voice;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb {@code call}: places one call, measures it, tells by the exit code how it went. */
@Command(
        name = "call",
        sortOptions = false,
        header = {
            "Examples:",
            "  call sip:echo@127.0.0.1",
            "  call sip:echo@127.0.0.1 --play audio/count.wav --record out.wav",
            "  call sip:chat@127.0.0.1 --user linphone --password test123 --play audio/caller.wav --play-after 5 -o json",
            ""
        },
        description = {
            "Places a real SIP and RTP call and measures what comes back: setup time, round trip, loss, jitter, tones"
                    + " and speech level. The result goes to stdout, the SIP ladder to stderr. Ctrl-C hangs up.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:answered, and something was heard",
            "1:the call failed, nothing was heard, or digits were not taken",
            "2:the command line is wrong",
            "4:cannot reach the server",
            "5:denied: 401, 403 or 407",
            "6:timeout: no response, or nobody answered",
            "130:interrupted"
        })
public final class CallCommand implements Callable<Integer> {
    private static final Set<String> OURS = Set.of(
            "via",
            "v",
            "from",
            "f",
            "to",
            "t",
            "call-id",
            "i",
            "cseq",
            "contact",
            "m",
            "max-forwards",
            "route",
            "content-length",
            "l",
            "content-type",
            "c",
            "authorization",
            "proxy-authorization",
            "record-route");
    private static final int MIN_TALK_SECONDS = 5;
    private static final int AFTER_PLAY_SECONDS = 2;
    private static final int MAX_SECONDS = 3_600;
    private static final int STOP_SECONDS = 5;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "URI", description = "whom to call: sip:user@host[:port][;transport=tcp]")
    private String uri = "";

    @Option(names = "--user", description = "user name for digest authentication")
    private @Nullable String user;

    @Option(names = "--password", description = "its password; better in the environment: FIREFLY_CALL_PASSWORD")
    private @Nullable String password;

    @Option(names = "--play", paramLabel = "WAV", description = "what to say, from 0.2 s after the answer")
    private @Nullable Path play;

    @Option(
            names = "--play-after",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "let the other side speak first, so long")
    private int playAfterSeconds;

    @Option(names = "--record", paramLabel = "WAV", description = "write what was heard to this file")
    private @Nullable Path record;

    @Option(names = "--header", paramLabel = "'Name: value'", description = "add to the INVITE; may be repeated")
    private List<String> headers = List.of();

    @Option(names = "--dtmf", paramLabel = "DIGITS", description = "telephone-events, sent from 1 s after the answer")
    private String dtmf = "";

    @Option(names = "--seconds", description = "talk no longer than this (default: 5, or 2 more than --play needs)")
    private @Nullable Integer seconds;

    @Option(names = "--ring-seconds", defaultValue = "40", description = "let it ring so long (default: 40)")
    private int ringSeconds;

    @Option(names = "--from", paramLabel = "URI", description = "who calls (default: sip:USER@HOST)")
    private @Nullable String from;

    @Option(names = "--codec", description = "offer only pcma or pcmu (default: both, pcma first)")
    private @Nullable String codec;

    @Option(names = "--transport", description = "udp or tcp (default: what the URI says, else udp)")
    private @Nullable String transport;

    @Option(
            names = "--no-chirp",
            description = "say nothing at all when nothing is played; then no round trip is measured")
    private boolean noChirp;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            description = "text or json (default: text)")
    private String output = "text";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    /** Runs the verb with what follows it on the command line. Ends every call it began before it returns. */
    public static int run(String[] arguments) {
        return new CommandLine(new CallCommand())
                .setParameterExceptionHandler((wrong, args) -> {
                    System.err.println(wrong.getMessage());
                    System.err.println("'call --help' shows what can be said.");
                    return CommandLine.ExitCode.USAGE;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CallSettings settings = settings();
        RtpPhone.warmUp(settings.voice());
        TestCall call = new TestCall(settings, new Ladder(System.err));
        CountDownLatch over = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(call, over)));
        try {
            CallReport report = call.run();
            if (record != null) save(call.heard(), record);
            System.out.print(output.equals("json") ? json(report) : ReportText.of(report));
            System.out.flush();
            return report.exitCode();
        } finally {
            over.countDown();
        }
    }

    /** The JVM waits for its shutdown hooks: so long the call has time for its CANCEL or BYE and its report. */
    private static void stopAndWait(TestCall call, CountDownLatch over) {
        call.stop();
        try {
            if (!over.await(STOP_SECONDS, TimeUnit.SECONDS)) System.err.println("gave up waiting for the goodbye");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CallSettings settings() {
        Target target = target();
        Sound sound = play == null ? null : read(play);
        String chosen = transport != null ? transport : target.transport() != null ? target.transport() : "udp";
        require(
                Set.of("udp", "tcp").contains(chosen.toLowerCase(Locale.ROOT)),
                "--transport " + chosen + ": udp or tcp");
        require(Set.of("text", "json").contains(output), "-o " + output + ": text or json");
        require(dtmf.matches("[0-9*#A-Da-d]{0,64}"), "--dtmf " + dtmf + ": at most 64 of 0-9 * # A-D");
        require(ringSeconds >= 1 && ringSeconds <= 300, "--ring-seconds " + ringSeconds + ": 1 to 300");
        require(playAfterSeconds >= 0 && playAfterSeconds <= 300, "--play-after " + playAfterSeconds + ": 0 to 300");
        headers.forEach(this::checkHeader);
        return new CallSettings(
                target,
                chosen.toLowerCase(Locale.ROOT),
                fromUri(target),
                credentials(),
                headers,
                new Voice(
                        codecs(), sound, Duration.ofSeconds(playAfterSeconds), dtmf.toUpperCase(Locale.ROOT), !noChirp),
                Duration.ofSeconds(talkSeconds(sound)),
                Duration.ofSeconds(ringSeconds));
    }

    private Target target() {
        try {
            return Target.parse(uri);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private Sound read(Path file) {
        try {
            return WavFile.read(file).as(AudioFormat.NARROWBAND);
        } catch (NoSuchFileException e) {
            throw wrong("--play " + file + ": no such file");
        } catch (IOException e) {
            throw wrong("--play " + e.getMessage());
        }
    }

    private String fromUri(Target target) {
        if (from == null) return "sip:" + (user == null ? "firefly-call" : user) + "@" + target.host();
        String wanted = from.startsWith("sip:") ? from : "sip:" + from;
        require(wanted.matches("sip:[^\\s<>\"]{1,250}"), "--from " + from + ": like sip:+15550100@example.com");
        return wanted;
    }

    private @Nullable Credentials credentials() {
        String secret = password != null ? password : System.getenv("FIREFLY_CALL_PASSWORD");
        require(password == null || user != null, "--password without --user");
        return user == null ? null : new Credentials(user, secret == null ? "" : secret);
    }

    private List<G711> codecs() {
        if (codec == null) return List.of(G711.PCMA, G711.PCMU);
        require(Set.of("pcma", "pcmu").contains(codec.toLowerCase(Locale.ROOT)), "--codec " + codec + ": pcma or pcmu");
        return List.of(G711.valueOf(codec.toUpperCase(Locale.ROOT)));
    }

    private int talkSeconds(@Nullable Sound sound) {
        if (seconds != null) {
            require(seconds >= 1 && seconds <= MAX_SECONDS, "--seconds " + seconds + ": 1 to " + MAX_SECONDS);
            return seconds;
        }
        if (sound == null) return MIN_TALK_SECONDS;
        long whole = playAfterSeconds + (sound.durationMillis() + 999) / 1_000 + AFTER_PLAY_SECONDS;
        return (int) Math.min(MAX_SECONDS, Math.max(MIN_TALK_SECONDS, whole));
    }

    private void checkHeader(String header) {
        require(
                header.matches("[A-Za-z0-9.!%*_+`'~-]+\\s*:[^\\p{Cntrl}]*"),
                "--header '" + header + "': 'Name: value'");
        String name = header.substring(0, header.indexOf(':')).strip();
        require(!OURS.contains(name.toLowerCase(Locale.ROOT)), "--header " + name + ": the call sets this one itself");
    }

    private void require(boolean fine, String sentence) {
        if (!fine) throw wrong(sentence);
    }

    private ParameterException wrong(String sentence) {
        CommandLine line = spec == null ? new CommandLine(this) : spec.commandLine();
        return new ParameterException(line, sentence);
    }

    private static void save(Sound heard, Path file) throws IOException {
        try (WavFile.Writer writer = new WavFile.Writer(file, heard.format(), 1)) {
            writer.write(heard.pcm(), heard.pcm().length);
        }
    }

    private static String json(CallReport report) throws IOException {
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report) + "\n";
    }
}
