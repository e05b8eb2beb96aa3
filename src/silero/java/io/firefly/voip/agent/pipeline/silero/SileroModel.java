package io.firefly.voip.agent.pipeline.silero;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.firefly.voip.agent.pipeline.hearing.VoiceActivity;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Vad;
import io.firefly.voip.audio.AudioFormat;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The network, shared by all calls; what it remembers of a call is the call's. Any thread. */
final class SileroModel implements VoiceActivity.Factory, AutoCloseable {
    static final int NARROW_RATE = 8_000;
    static final int WIDE_RATE = 16_000;
    static final int STATE = 2 * 128;

    private static final String KEY = "firefly.pipeline.vad.model ";
    private static final Set<String> INPUTS = Set.of("input", "state", "sr");
    private static final long[] STATE_SHAPE = {2, 1, 128};

    private final OrtEnvironment runtime;
    private final OrtSession session;

    private SileroModel(OrtEnvironment runtime, OrtSession session) {
        this.runtime = runtime;
        this.session = session;
    }

    /**
     * @param file {@code silero_vad.onnx} of version 5 or later
     * @throws IllegalArgumentException naming the setting and what is wrong with the file
     */
    static SileroModel load(String file) {
        if (file.isBlank() || !Files.isReadable(Path.of(file))) {
            throw new IllegalArgumentException(KEY + "must be the file silero_vad.onnx, to be had from"
                    + " https://github.com/snakers4/silero-vad (src/silero_vad/data); there is none at '" + file + "'");
        }
        try {
            SileroModel model = open(file);
            String objection = model.objection();
            if (objection == null) return model;
            model.close();
            throw new IllegalArgumentException(KEY + file + " is not silero_vad.onnx of version 5 or later: " + objection);
        } catch (OrtException e) {
            throw new IllegalArgumentException(KEY + file + " is no model that can be read: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "firefly.pipeline.vad.detector=silero: ONNX Runtime has no native code for this machine ("
                            + System.getProperty("os.name") + ", " + System.getProperty("os.arch") + "): use energy",
                    e);
        }
    }

    private static SileroModel open(String file) throws OrtException {
        OrtEnvironment runtime = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // On the thread that asks: a window is too small to be shared out.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return new SileroModel(runtime, runtime.createSession(file, options));
        }
    }

    private @Nullable String objection() throws OrtException {
        if (!session.getInputNames().equals(INPUTS)) {
            return "it wants " + session.getInputNames() + ", not input, sr and state";
        }
        float[] click = new float[SileroActivity.windowOf(NARROW_RATE) + SileroActivity.contextOf(NARROW_RATE)];
        for (int i = 0; i < click.length; i += 16) click[i] = 1;
        float narrow = run(click, new float[STATE], NARROW_RATE);
        return narrow == asIfWide(click) ? "it knows 16 kHz only" : null;
    }

    /** Another answer to the same sound, or none: a model that takes the rate for nothing knows one rate only. */
    private float asIfWide(float[] sound) {
        try {
            return run(sound, new float[STATE], WIDE_RATE);
        } catch (OrtException e) {
            return Float.NaN;
        }
    }

    @Override
    public VoiceActivity create(AudioFormat format, Vad settings) {
        return new SileroActivity(this, format, settings.probability());
    }

    /**
     * How probably a window holds speech, 0 to 1.
     *
     * @param sound the window, with the end of the one before it in front
     * @param state what the network remembers, and shall remember
     */
    float probability(float[] sound, float[] state, int rate) {
        try {
            return run(sound, state, rate);
        } catch (OrtException e) {
            throw new IllegalStateException("the Silero model failed: " + e.getMessage(), e);
        }
    }

    private float run(float[] sound, float[] state, int rate) throws OrtException {
        try (OnnxTensor input =
                        OnnxTensor.createTensor(runtime, FloatBuffer.wrap(sound), new long[] {1, sound.length});
                OnnxTensor before = OnnxTensor.createTensor(runtime, FloatBuffer.wrap(state), STATE_SHAPE);
                OnnxTensor hertz = OnnxTensor.createTensor(runtime, new long[] {rate});
                OrtSession.Result result = session.run(Map.of("input", input, "state", before, "sr", hertz))) {
            OnnxTensor after = (OnnxTensor) result.get("stateN").orElseThrow();
            after.getFloatBuffer().get(state);
            OnnxTensor output = (OnnxTensor) result.get("output").orElseThrow();
            return output.getFloatBuffer().get(0);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the Silero model cannot be closed: " + e.getMessage(), e);
        }
    }
}
