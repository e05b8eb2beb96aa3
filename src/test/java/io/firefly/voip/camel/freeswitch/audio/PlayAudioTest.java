package io.firefly.voip.camel.freeswitch.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.call.CallId;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** drachtio's build, as a stand-in that announces files in the words recorded from the real one. */
class PlayAudioTest {
    private static final int FRAME = 160;

    private final AudioRig rig = new AudioRig();
    private final Vertx theirs = Vertx.vertx();
    private final FakeModule module = new FakeModule(theirs);
    private final AtomicInteger left = new AtomicInteger();
    private final Path folder;

    PlayAudioTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        // It knows six words: what follows the metadata belongs to it.
        module.firstText = "{} true true 15999";
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
        theirs.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private ChannelAudio joined() throws Exception {
        ChannelAudio audio = rig.transport.open(CallId.next(), node());
        audio.connect(AudioSink.NOWHERE, (pcm, length) -> {
            if (left.get() <= 0) return 0;
            Arrays.fill(pcm, (short) (1_000 + left.getAndDecrement()));
            return length;
        });
        audio.attach(module).toCompletableFuture().get(5, TimeUnit.SECONDS);
        audio.start(() -> {});
        await().until(() -> audio.delay().toMillis() > 0);
        return audio;
    }

    private static SwitchNode node() {
        return (SwitchNode) Proxy.newProxyInstance(
                PlayAudioTest.class.getClassLoader(), new Class<?>[] {SwitchNode.class}, (self, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private List<String> played() {
        return module.texts.stream().filter(text -> text.contains("playAudio")).toList();
    }

    private static String name(String playAudio) {
        return playAudio.replaceFirst(".*\"textContent\":\"([^\"]*)\".*", "$1");
    }

    private static short[] sound(String playAudio) {
        byte[] bytes = Base64.getDecoder().decode(playAudio.replaceFirst(".*\"audioContent\":\"([^\"]*)\".*", "$1"));
        short[] samples = new short[bytes.length / 2];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    /** As recorded of 88e1465; the sound itself is taken out, the file added. */
    private Path announce(String playAudio, int number) throws Exception {
        Path file = folder.resolve(module.uuid() + "_" + number + ".tmp.r8");
        Files.write(file, new byte[2]);
        module.listener
                .get(5, TimeUnit.SECONDS)
                .custom(
                        "mod_audio_fork::play_audio",
                        "{\"audioContentType\":\"raw\",\"sampleRate\":8000,\"textContent\":\"" + name(playAudio)
                                + "\",\"file\":\"" + file + "\"}");
        return file;
    }

    private void says(int frames) throws Exception {
        left.set(frames);
        for (int i = 0; i < frames; i++) {
            module.says(1, 0);
            int done = frames - i - 1;
            await().pollInterval(Duration.ofMillis(2)).until(() -> left.get() <= done);
        }
    }

    @Test
    void theFirstTextTellsTheBuildAndTheChannelIsPreparedForIt() throws Exception {
        joined();
        await().untilAsserted(() -> assertThat(module.orders)
                .contains(
                        "uuid_setvar " + module.uuid() + " playback_terminators none",
                        "uuid_getvar " + module.uuid() + " jitterbuffer_msec",
                        "uuid_jitterbuffer " + module.uuid() + " 40"));
    }

    @Test
    void speechGoesOutInWholeFilesAfterALittleSilence() throws Exception {
        joined();
        says(24);
        await().untilAsserted(() -> assertThat(played()).hasSize(2));
        short[] first = sound(played().get(0));
        assertThat(first).hasSize(15 * FRAME);
        assertThat(first[3 * FRAME - 1]).isZero();
        assertThat(first[3 * FRAME]).isEqualTo((short) 1_024);
        short[] second = sound(played().get(1));
        assertThat(second).hasSize(12 * FRAME);
        assertThat(second[0]).as("nothing is missing between them").isEqualTo((short) 1_012);
        assertThat(module.binaries).as("no sound by the socket").hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void theEndOfAnUtteranceDoesNotWaitForMore() throws Exception {
        joined();
        says(2);
        module.says(10, 0);
        await().untilAsserted(() -> assertThat(played()).hasSize(1));
        short[] only = sound(played().get(0));
        assertThat(only[4 * FRAME]).isEqualTo((short) 1_001);
        assertThat(only[5 * FRAME]).isZero();
    }

    @Test
    void eachFileIsQueuedAsItIsAnnouncedAndRemovedWhenItWasPlayed() throws Exception {
        joined();
        says(24);
        await().until(() -> played().size() == 2);
        Path one = announce(played().get(0), 17);
        Path two = announce(played().get(1), 18);
        assertThat(module.queued)
                .extracting(FakeModule.Queued::what)
                .containsExactly("playback " + one, "playback " + two);
        module.queued.get(0).played().complete("FILE PLAYED");
        await().untilAsserted(() -> assertThat(one).doesNotExist());
        assertThat(two).exists();
    }

    @Test
    void whatWasSaidBeforeABargeInIsDroppedEvenWhenItIsAnnouncedLate() throws Exception {
        ChannelAudio audio = joined();
        says(24);
        await().until(() -> played().size() == 2);
        announce(played().get(0), 1);
        audio.discardUnheard();
        assertThat(module.dropped).hasValue(1);
        await().untilAsserted(() -> assertThat(module.texts).contains("{\"type\":\"killAudio\"}"));
        Path late = announce(played().get(1), 2);
        assertThat(module.queued).hasSize(1);
        assertThat(module.queued.get(0).played()).isCancelled();
        await().untilAsserted(() -> assertThat(late).doesNotExist());
        says(12);
        await().until(() -> played().size() == 3);
        announce(played().get(2), 3);
        assertThat(module.queued).hasSize(2);
    }

    @Test
    void whereNothingIsToBeHeardABargeInDropsNothing() throws Exception {
        ChannelAudio audio = joined();
        audio.discardUnheard();
        says(12);
        await().until(() -> played().size() == 1);
        announce(played().get(0), 1);
        module.queued.get(0).played().complete("FILE PLAYED");
        module.says(12, 0);
        await().until(() -> played().size() == 2);
        announce(played().get(1), 2);
        module.queued.get(1).played().complete("FILE PLAYED");
        audio.discardUnheard();
        assertThat(module.dropped).hasValue(0);
        assertThat(module.texts).doesNotContain("{\"type\":\"killAudio\"}");
    }

    @Test
    void filesOfOthersAndNonsenseAreNotPlayed() throws Exception {
        joined();
        says(12);
        await().until(() -> played().size() == 1);
        SwitchListener tell = new SwitchListener();
        tell.says("");
        tell.says("{");
        tell.says("{\"textContent\":\"0-1\",\"file\":\"/etc/passwd\"}");
        tell.says("{\"textContent\":\"0-1\",\"file\":\"/tmp/other-uuid_1.tmp.r8\"}");
        tell.says("{\"textContent\":\"0-1\",\"file\":\"/tmp/${system x}/" + module.uuid() + "_1.tmp.r8\"}");
        assertThat(module.queued).isEmpty();
    }

    private final class SwitchListener {
        void says(String body) throws Exception {
            module.listener.get(5, TimeUnit.SECONDS).custom("mod_audio_fork::play_audio", body);
        }
    }
}
