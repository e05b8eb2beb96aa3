package io.firefly.voip.scenario;

import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.testing.Tool;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The softphone baresip with sound from a file: registers, calls, and writes what it heard to a file (module sndfile).
 *
 * @param folder where its settings and its recordings are
 */
record Baresip(Path folder) {
    private static final int GRACE_SECONDS = 15;

    /** @param says a WAV file of 8 kHz; when it ends the phone sends nothing more */
    static Baresip registeringAt(int sipPort, Path folder, Path says) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config"), """
                sip_listen 127.0.0.1:%d
                audio_source aufile,%s
                ausrc_srate 8000
                auplay_srate 8000
                ausrc_channels 1
                auplay_channels 1
                rtp_stats yes
                module_path %s
                module g711.so
                module auconv.so
                module auresamp.so
                module aufile.so
                module sndfile.so
                module uuid.so
                module_tmp account.so
                module_app contact.so
                module_app menu.so
                snd_path %s
                """.formatted(
                        freePort(), says.toAbsolutePath(), modules(), folder.toAbsolutePath()));
        Files.writeString(folder.resolve("accounts"), """
                <sip:linphone@127.0.0.1:%d>;auth_pass=test123;regint=60;audio_codecs=PCMA/8000/1
                """.formatted(sipPort));
        Files.writeString(folder.resolve("contacts"), "\n");
        return new Baresip(folder);
    }

    /** Calls and, after so many seconds, hangs up and unregisters; returns when it has. */
    Tool call(String uri, int seconds) throws IOException, InterruptedException {
        return Tool.run(
                folder,
                seconds + GRACE_SECONDS,
                List.of(
                        "baresip",
                        "-f",
                        folder.toAbsolutePath().toString(),
                        "-v",
                        "-e",
                        "/dial " + uri,
                        "-t",
                        String.valueOf(seconds)));
    }

    /** A phone that publishes how its user is, and has that user in its own list of contacts. */
    static Baresip watchingItself(int sipPort, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config"), """
                sip_listen 127.0.0.1:%d
                module_path %s
                module g711.so
                module_tmp account.so
                module_app contact.so
                module_app presence.so
                module_app menu.so
                """.formatted(freePort(), modules()));
        Files.writeString(
                folder.resolve("accounts"),
                "<sip:linphone@127.0.0.1:%d>;auth_pass=test123;regint=60;pubint=60%n".formatted(sipPort));
        Files.writeString(
                folder.resolve("contacts"), "\"Me\" <sip:linphone@127.0.0.1:%d>;presence=p2p%n".formatted(sipPort));
        return new Baresip(folder);
    }

    static boolean knowsPresence() {
        return Files.exists(Path.of(modules(), "presence.so"));
    }

    /** Is there for so many seconds, then takes everything back; prints every SIP message. */
    Tool stays(int seconds) throws IOException, InterruptedException {
        return Tool.run(
                folder,
                seconds + GRACE_SECONDS,
                List.of("baresip", "-f", folder.toAbsolutePath().toString(), "-s", "-t", String.valueOf(seconds)));
    }

    /** What came out of its decoder. */
    Sound heard() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path decoded = files.filter(file -> file.toString().endsWith("-dec.wav"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("baresip kept no sound in " + folder));
            return WavFile.read(decoded);
        }
    }

    private static String modules() {
        return Stream.of("/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules")
                .filter(folder -> Files.isDirectory(Path.of(folder)))
                .findFirst()
                .orElse("/usr/lib/baresip/modules");
    }

    private static int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
