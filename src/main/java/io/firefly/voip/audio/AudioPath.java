package io.firefly.voip.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One direction of a call, built in the order the sound travels; prints itself. */
public final class AudioPath implements AudioSink {
    private final AudioSink entry;
    private final String description;

    private AudioPath(AudioSink entry, String description) {
        this.entry = entry;
        this.description = description;
    }

    public static Builder named(String name) {
        return new Builder(name);
    }

    @Override
    public void write(short[] pcm, int length) {
        entry.write(pcm, length);
    }

    /** For example {@code caller to agent: tap > level > agent ears}. */
    @Override
    public String toString() {
        return description;
    }

    /** Collects the stations of a path, first station first. */
    public static final class Builder {
        private final String name;
        private final List<AudioStage> stages = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
        }

        public Builder then(AudioStage stage) {
            stages.add(stage);
            return this;
        }

        public AudioPath to(String label, AudioSink end) {
            AudioSink next = end;
            for (int i = stages.size() - 1; i >= 0; i--) {
                stages.get(i).connect(next);
                next = stages.get(i);
            }
            String stations = Stream.concat(stages.stream().map(AudioStage::label), Stream.of(label))
                    .collect(Collectors.joining(" > "));
            return new AudioPath(next, name + ": " + stations);
        }
    }
}
