package io.firefly.voip.media.freeswitch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch.Channel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What FreeSWITCH is told when it shall write the call down. */
class DialedRecordingTest extends DialedCall {
    private static final Path FILE = Path.of("/rec/a-stereo.wav");
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void theCallersChannelIsRecordedFromWhenSoundFlowsToTheEnd() {
        Channel channel = recorded();
        assertThat(channel.asked).isEmpty();
        transport.opened.get(0).attached.complete("joined");
        await().until(() -> channel.asked.size() == 2);
        engine.close();
        await().until(() -> channel.asked.size() == 3);
        assertThat(channel.asked)
                .containsExactly(
                        "uuid_setvar " + channel.uuid() + " RECORD_STEREO true",
                        "uuid_record " + channel.uuid() + " start /rec/a-stereo.wav",
                        "uuid_record " + channel.uuid() + " stop /rec/a-stereo.wav");
    }

    @Test
    void aRefusalIsToldAndHarmsNobody() {
        Channel channel = recorded();
        channel.answers = (command, arguments) -> command.equals("uuid_record") ? "-ERR Cannot record session!" : "+OK";
        transport.opened.get(0).attached.complete("joined");
        await().until(() -> channel.asked.size() == 2);
        afterTheGrace();
        assertThat(told).isEmpty();
        assertThat(refused).hasValue(1);
    }

    @Test
    void aCallThatEndsBeforeItsSoundIsNotRecorded() {
        Channel channel = recorded();
        engine.close();
        transport.opened.get(0).attached.complete("joined");
        afterTheGrace();
        assertThat(channel.asked).isEmpty();
    }

    private Channel recorded() {
        MediaSession session = open();
        var answer = session.answer(CALLER);
        leg(0).answer(SWITCH);
        get(answer);
        assertThat(session.recordTo(FILE, refused::incrementAndGet)).isTrue();
        session.start(new Told());
        await().until(() -> transport.opened.get(0).whenLost != null);
        return channel(0);
    }
}
