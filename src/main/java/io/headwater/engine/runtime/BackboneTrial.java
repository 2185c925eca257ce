package io.headwater.engine.runtime;

import ai.onnxruntime.OrtException;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.TextInput;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.FreeBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A session and its results for trial inputs, each run alone.
 *
 * @param batched whether a run of all trial inputs together gave the same bits
 */
record BackboneTrial(
        BaseModelManifest manifest,
        BackboneCut cut,
        Compute compute,
        OnnxSession session,
        Feed feed,
        FeatureReader reading,
        float[][] alone,
        boolean batched) {
    private static final Logger LOG = Logger.getLogger(BackboneTrial.class);

    /** Opens {@code model}, the part below the cut, and runs it on trial inputs. */
    static BackboneTrial of(BaseModelManifest manifest, BackboneCut cut, byte[] model, Compute compute) {
        OnnxSession session = OnnxSession.open(model, !(manifest.input() instanceof TextInput), compute);
        try {
            Feed feed = Feeds.of(manifest.input(), session.inputs());
            List<ModelInput> trials = feed.trials();
            FeatureReader reading = reading(manifest, cut, session, feed, trials.get(0));
            float[][] alone = trials.stream()
                    .map(input -> run(session, feed, reading, List.of(input))[0])
                    .toArray(float[][]::new);
            boolean batched = trials.size() > 1
                    && feed.rows(feed.group(trials.get(0))) >= trials.size()
                    && together(session, feed, reading, trials, alone);
            return new BackboneTrial(manifest, cut, compute, session, feed, reading, alone, batched);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static FeatureReader reading(
            BaseModelManifest manifest, BackboneCut cut, OnnxSession session, Feed feed, ModelInput trial) {
        Pooler pool = new Pooler(manifest.pooling(), OnnxBackbone.layout(manifest), cut.normalises(manifest));
        if (cut.pooled() && cut.tensors().size() == 1) {
            return pool;
        }
        try {
            List<OnnxSession.Output> outputs = outputs(session, feed, List.of(trial));
            if (cut.pooled()) {
                return MixPooler.of(pool, cut.tensors(), outputs);
            }
            if (!(feed instanceof TextFeed text)) {
                return CutLayout.of(cut.tensors(), outputs);
            }
            ModelInput longer = text.longest();
            return CutLayout.ofText(
                    cut.tensors(),
                    outputs,
                    feed.group(trial),
                    outputs(session, feed, List.of(longer)),
                    feed.group(longer),
                    text.fixedTokens() > 0);
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime failed on a first input: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the same model with a dynamic batch axis if it was saved with a fixed batch size of 1 and gives the
     * same bits without it, else this. Closes the one that is not returned.
     */
    BackboneTrial freed(byte[] model) {
        if (alone.length == 1 || feed.rows(feed.group(feed.trials().get(0))) != 1) {
            return this;
        }
        Optional<byte[]> free = FreeBatch.of(model, session.inputs().keySet());
        if (free.isEmpty()) {
            return this;
        }
        BackboneTrial other;
        try {
            other = of(manifest, cut, free.get(), compute);
        } catch (BackboneException e) {
            LOG.debugf(e, "batch-axis-kept base=%s", manifest.name());
            return this;
        }
        boolean better = other.batched && Arrays.deepEquals(alone, other.alone);
        (better ? this : other).session.close();
        return better ? other : this;
    }

    /**
     * Whether a run of all trial inputs gives the same bits as single runs. Some models have a hard-coded batch
     * size and fail on others.
     */
    private static boolean together(
            OnnxSession session, Feed feed, FeatureReader reading, List<ModelInput> trials, float[][] alone) {
        try {
            return Arrays.deepEquals(alone, run(session, feed, reading, trials));
        } catch (BackboneException e) {
            LOG.debugf(e, "batch-refused rows=%d", trials.size());
            return false;
        }
    }

    /** Computes the features of inputs of one group in one run. */
    static float[][] run(OnnxSession session, Feed feed, FeatureReader reading, List<ModelInput> inputs) {
        try {
            int[] used = inputs.stream().mapToInt(feed::used).toArray();
            return reading.rows(outputs(session, feed, inputs), used);
        } catch (OrtException e) {
            throw new BackboneException(
                    "ONNX Runtime failed on a batch of " + inputs.size() + ": " + e.getMessage(), e);
        }
    }

    private static List<OnnxSession.Output> outputs(OnnxSession session, Feed feed, List<ModelInput> inputs)
            throws OrtException {
        List<OnnxSession.Output> outputs = session.run(feed.tensors(inputs, feed.group(inputs.get(0))));
        for (OnnxSession.Output output : outputs) {
            long[] shape = output.shape();
            if (shape.length == 0 || shape[0] != inputs.size()) {
                throw new BackboneException("the tensor at the cut must have a row for each of the " + inputs.size()
                        + " inputs of a batch, but its shape is " + Arrays.toString(shape) + "; choose another cut");
            }
        }
        return outputs;
    }
}
