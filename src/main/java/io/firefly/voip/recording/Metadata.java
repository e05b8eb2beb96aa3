package io.firefly.voip.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.Party;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The JSON file beside a recording. Absent facts are left out; times are UTC.
 *
 * @param ending absent when the recording ended before the call: this program was stopped
 * @param kept absent while the recording goes on
 */
record Metadata(
        String callId,
        String networkCallId,
        Address caller,
        Address called,
        @Nullable Address assertedIdentity,
        List<Forwarding> diversions,
        @Nullable String subscriber,
        Instant offeredAt,
        @Nullable Ending ending,
        @Nullable Kept kept) {
    /** More than any of these files, of an ordinary call, needs in the end. */
    private static final int RESERVED_BYTES = 4_096;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    record Address(String number, String uri, @Nullable String displayName) {
        static @Nullable Address of(@Nullable Party party) {
            return party == null ? null : known(party);
        }

        static Address known(Party party) {
            return new Address(party.numberOrUser(), party.uri(), party.displayName());
        }
    }

    record Forwarding(Address from, @Nullable String reason, int counter, boolean privateAddress) {
        static Forwarding of(Diversion diversion) {
            return new Forwarding(
                    Address.known(diversion.party()),
                    diversion.reason(),
                    diversion.counter(),
                    diversion.privateAddress());
        }
    }

    record Ending(
            @Nullable String tenant,
            @Nullable String route,
            @Nullable String agent,
            @Nullable String codec,
            @Nullable Instant answeredAt,
            Instant endedAt,
            long talkMillis,
            String cause,
            String endedBy) {
        static Ending of(Recording.Summary summary) {
            return new Ending(
                    summary.tenant(),
                    summary.route(),
                    summary.agent(),
                    summary.codec(),
                    summary.answeredAt(),
                    summary.endedAt(),
                    summary.talkTime().toMillis(),
                    summary.cause().label(),
                    summary.endedBy().name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * What is on disk.
     *
     * @param silencedMillis how much of it is silence because the disk was too slow
     * @param failure why the sound ends early, absent when it is complete
     */
    record Kept(
            List<String> files,
            @Nullable String transcript,
            int sampleRateHz,
            Instant startedAt,
            long millis,
            long silencedMillis,
            @Nullable String failure) {}

    static Metadata of(Call call, @Nullable Ending ending, @Nullable Kept kept) {
        return new Metadata(
                call.id().value(),
                call.networkCallId(),
                Address.known(call.parties().caller()),
                Address.known(call.parties().called()),
                Address.of(call.parties().assertedIdentity()),
                call.parties().diversions().stream().map(Forwarding::of).toList(),
                call.source().subscriber(),
                call.offeredAt(),
                ending,
                kept);
    }

    /** Writes what is known so far to {@code *.part} and fills up with blanks, so that {@link #writeTo} finds room. */
    void reserve(Path file) throws IOException {
        byte[] json = json();
        byte[] padded = Arrays.copyOf(json, Math.max(RESERVED_BYTES, 2 * json.length));
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        Files.write(unfinished(file), padded);
    }

    /** Whoever sees the file sees all of it: it is written beside, over what was reserved, and moved. */
    void writeTo(Path file) throws IOException {
        RecordedSound.makeFolder(file.toAbsolutePath().getParent());
        Path unfinished = unfinished(file);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer json = ByteBuffer.wrap(json());
            while (json.hasRemaining()) channel.write(json);
            channel.truncate(channel.position());
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private byte[] json() throws JsonProcessingException {
        return JSON.writeValueAsBytes(this);
    }
}
