package io.headwater.engine;

import ai.onnxruntime.OrtException;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.Layout;
import io.headwater.config.BaseModelManifest.TextInput;
import io.headwater.domain.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * The part of an ONNX model below its cut, in ONNX Runtime on the CPU. Each call runs on the caller's thread; several
 * threads may call at once and gain more than several threads within one run.
 */
public final class OnnxBackbone implements Backbone {
    private static final Logger LOG = Logger.getLogger(OnnxBackbone.class);
    private static final int MAX_MODEL_BYTES = 1 << 30;

    private final Digest digest;
    private final OnnxSession session;
    private final Feed feed;
    private final Pool pool;
    private final int width;
    private final boolean batched;

    private OnnxBackbone(BaseModelManifest manifest, Trial trial) {
        digest = Preprocessing.digest(manifest);
        session = trial.session;
        feed = trial.feed;
        pool = trial.pool;
        width = trial.alone[0].length;
        batched = trial.batched();
    }

    /** Opens the backbone of {@code manifest} with one thread a run. */
    public static OnnxBackbone open(BaseModelManifest manifest) {
        return open(manifest, 1);
    }

    /**
     * Opens the backbone of {@code manifest}: reads and checks its files, cuts it, loads it and tries it.
     *
     * @param threads of one run, positive; the bits of features depend on it
     * @throws io.headwater.domain.ArtifactException when the file is missing, too large or has another digest
     * @throws BackboneException when the model is not what the manifest says
     */
    public static OnnxBackbone open(BaseModelManifest manifest, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("a run needs at least 1 thread, but got " + threads);
        }
        byte[] model = ModelFiles.read(manifest.model(), MAX_MODEL_BYTES);
        try {
            WeightFiles.check(manifest, model, MAX_MODEL_BYTES - model.length);
            byte[] below = OnnxCut.cut(model, ModelFiles.folder(manifest.model()), MAX_MODEL_BYTES, manifest.cut());
            Trial trial = Trial.of(manifest, below, threads);
            OnnxBackbone backbone = new OnnxBackbone(manifest, trial.batched() ? trial : trial.freed(below));
            LOG.debugf(
                    "backbone-opened base=%s digest=%s width=%d threads=%d batched=%s",
                    manifest.name(), backbone.digest.abbreviated(), backbone.width, threads, backbone.batched);
            return backbone;
        } catch (BackboneException e) {
            throw new BackboneException("base model '" + manifest.name() + "': " + e.getMessage(), e);
        }
    }

    @Override
    public Digest digest() {
        return digest;
    }

    @Override
    public int width() {
        return width;
    }

    /** Whether inputs share a run. */
    boolean isBatched() {
        return batched;
    }

    /**
     * {@inheritDoc}
     *
     * @throws NonFiniteFeaturesException when some inputs give NaN or infinity
     * @throws IllegalArgumentException when an input is not of the kind or size that the base model reads
     * @throws BackboneException when ONNX Runtime fails
     */
    @Override
    public List<float[]> features(List<ModelInput> inputs) {
        SortedMap<Integer, List<Integer>> groups = new TreeMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            groups.computeIfAbsent(feed.group(inputs.get(i)), group -> new ArrayList<>())
                    .add(i);
        }
        float[][] features = new float[inputs.size()][];
        groups.forEach((group, members) -> {
            int step = batched ? feed.rows(group) : 1;
            for (int from = 0; from < members.size(); from += step) {
                List<Integer> part = members.subList(from, Math.min(from + step, members.size()));
                float[][] rows = run(part.stream().map(inputs::get).toList());
                for (int row = 0; row < rows.length; row++) {
                    features[part.get(row)] = rows[row];
                }
            }
        });
        requireFinite(features);
        return List.of(features);
    }

    @Override
    public void close() {
        session.close();
    }

    private float[][] run(List<ModelInput> inputs) {
        return run(session, feed, pool, inputs);
    }

    /** The features of inputs of one group, in one run. */
    private static float[][] run(OnnxSession session, Feed feed, Pool pool, List<ModelInput> inputs) {
        try {
            OnnxSession.Output output = session.run(feed.tensors(inputs, feed.group(inputs.get(0))));
            long[] shape = output.shape();
            if (shape.length == 0 || shape[0] != inputs.size()) {
                throw new BackboneException("the tensor at the cut must have a row for each of the " + inputs.size()
                        + " inputs of a batch, but its shape is " + Arrays.toString(shape) + "; choose another cut");
            }
            int[] used = inputs.stream().mapToInt(feed::used).toArray();
            return pool.rows(output.values(), shape, used);
        } catch (OrtException e) {
            throw new BackboneException(
                    "ONNX Runtime failed on a batch of " + inputs.size() + ": " + e.getMessage(), e);
        }
    }

    /**
     * A session with what it gave for inputs to try it with, each alone.
     *
     * @param batched whether a run of all of them gave the same bits
     */
    private record Trial(
            BaseModelManifest manifest,
            int threads,
            OnnxSession session,
            Feed feed,
            Pool pool,
            float[][] alone,
            boolean batched) {

        static Trial of(BaseModelManifest manifest, byte[] model, int threads) {
            OnnxSession session = OnnxSession.open(model, threads, !(manifest.input() instanceof TextInput));
            try {
                Feed feed = Feeds.of(manifest.input(), session.inputs());
                Layout layout = manifest.input() instanceof ImageInput image ? image.layout() : Layout.NHWC;
                Pool pool = new Pool(manifest.pooling(), layout, manifest.normalise());
                List<ModelInput> trials = feed.trials();
                float[][] alone = trials.stream()
                        .map(input -> run(session, feed, pool, List.of(input))[0])
                        .toArray(float[][]::new);
                boolean batched = trials.size() > 1
                        && feed.rows(feed.group(trials.get(0))) >= trials.size()
                        && together(session, feed, pool, trials, alone);
                return new Trial(manifest, threads, session, feed, pool, alone, batched);
            } catch (RuntimeException e) {
                session.close();
                throw e;
            }
        }

        /**
         * The same model with a free batch axis, when it was saved with one of 1 and gives the same bits without; else
         * this. The other one is closed.
         */
        Trial freed(byte[] model) {
            if (alone.length == 1 || feed.rows(feed.group(feed.trials().get(0))) != 1) {
                return this;
            }
            Optional<byte[]> free = FreeBatch.of(model, session.inputs().keySet());
            if (free.isEmpty()) {
                return this;
            }
            Trial other;
            try {
                other = of(manifest, free.get(), threads);
            } catch (BackboneException e) {
                LOG.debugf(e, "batch-axis-kept base=%s", manifest.name());
                return this;
            }
            boolean better = other.batched && Arrays.deepEquals(alone, other.alone);
            (better ? this : other).session.close();
            return better ? other : this;
        }

        /** Some models have the size of a batch written into them, and fail on another. */
        private static boolean together(
                OnnxSession session, Feed feed, Pool pool, List<ModelInput> trials, float[][] alone) {
            try {
                return Arrays.deepEquals(alone, run(session, feed, pool, trials));
            } catch (BackboneException e) {
                LOG.debugf(e, "batch-refused rows=%d", trials.size());
                return false;
            }
        }
    }

    private static void requireFinite(float[][] features) {
        SortedSet<Integer> faulty = new TreeSet<>();
        for (int i = 0; i < features.length; i++) {
            for (float value : features[i]) {
                if (!Float.isFinite(value)) {
                    faulty.add(i);
                    break;
                }
            }
        }
        if (!faulty.isEmpty()) {
            throw new NonFiniteFeaturesException(faulty);
        }
    }
}
