package io.firefly.voip.speech;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verb {@code speech-server}. */
@Command(
        name = "speech-server",
        mixinStandardHelpOptions = true,
        description = {
            "Speaks OpenAI's HTTP APIs for speech and chat on this machine, for trying out firefly.agent.provider=pipeline:",
            "espeak-ng speaks, pocketsphinx recognises digits, hello and goodbye, rules answer. Loopback only."
        })
public final class SpeechServerCommand implements Callable<Integer> {
    private static final String GRAMMAR = "/speech/telephone.gram";

    @Option(names = "--port", defaultValue = "8087", description = "TCP port on 127.0.0.1 (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--voice",
            defaultValue = "en-us",
            description = "voice of espeak-ng (default: ${DEFAULT-VALUE}); espeak-ng --voices lists them")
    private String voice = "en-us";

    @Option(names = "--grammar", description = "JSGF file of the words that are recognised, one at a time")
    private @Nullable Path grammar;

    private SpeechServerCommand() {}

    /** @return the exit code */
    public static int run(String... args) {
        return new CommandLine(new SpeechServerCommand()).execute(args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String missing = SpeechServer.missing(System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        if (missing != null) {
            System.err.println("firefly: " + missing);
            return 1;
        }
        Path words = grammar == null ? shippedGrammar() : grammar;
        if (!Files.isReadable(words)) {
            System.err.println("firefly: --grammar " + words + " cannot be read");
            return 1;
        }
        try (SpeechServer server = new SpeechServer(port, voice, words)) {
            System.out.println("speech-server at " + server.baseUrl() + "; the exchange finds it with:\n"
                    + "  java -jar firefly.jar --firefly.agent.provider=pipeline --firefly.pipeline.base-url="
                    + server.baseUrl());
            new CountDownLatch(1).await();
        } catch (BindException e) {
            System.err.println("firefly: port " + port + " is taken: choose another by --port");
            return 1;
        }
        return 0;
    }

    /** pocketsphinx wants a file. */
    static Path shippedGrammar() throws IOException {
        Path file = Files.createTempFile("firefly-speech", ".gram");
        file.toFile().deleteOnExit();
        try (InputStream in = SpeechServerCommand.class.getResourceAsStream(GRAMMAR)) {
            if (in == null) throw new IOException("the jar has no " + GRAMMAR);
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
