package io.headwater.engine.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModelDigest;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.weights.ModelFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import onnx.Onnx.ModelProto;
import org.jboss.logging.Logger;

/**
 * The frozen part of an ONNX model below its cut, computed by ONNX Runtime. Each call runs on the caller's thread.
 * Several threads may call at the same time, which is faster than several threads within one run.
 */
public final class OnnxBackbone implements Backbone {
    private static final Logger LOG = Logger.getLogger(OnnxBackbone.class);
    private static final int MAX_MODEL_BYTES = 1 << 30;

    private final Digest digest;
    private final OnnxSession session;
    private final Feed feed;
    private final FeatureReader reading;
    private final int width;
    private final boolean batched;

    private OnnxBackbone(BaseModelManifest manifest, BackboneCut cut, Trial trial) {
        digest = BaseModelDigest.digest(manifest, cut);
        session = trial.session;
        feed = trial.feed;
        reading = trial.reading;
        width = trial.alone[0].length;
        batched = trial.batched();
    }

    /** Opens the backbone of {@code manifest} on the CPU with one thread per run. */
    public static OnnxBackbone open(BaseModelManifest manifest) {
        return open(manifest, Compute.ONE_THREAD);
    }

    /**
     * Opens the backbone of {@code manifest}: reads and checks its files, cuts and loads the model, and runs it on
     * trial inputs.
     *
     * @param compute the resources that ONNX Runtime uses; the bits of features depend on them
     * @throws io.headwater.domain.ArtifactException when the file is missing, too large or has another digest
     * @throws BackboneException when the model does not match the manifest
     */
    public static OnnxBackbone open(BaseModelManifest manifest, Compute compute) {
        try {
            return open(manifest, BackboneCut.pooled(manifest.cut()), compute);
        } catch (BackboneException e) {
            throw new BackboneException("base model '" + manifest.name() + "': " + e.getMessage(), e);
        }
    }

    /**
     * As {@link #open(BaseModelManifest, Compute)}, at another cut. Error messages do not name the model; the caller
     * adds its name.
     */
    public static OnnxBackbone open(BaseModelManifest manifest, BackboneCut cut, Compute compute) {
        byte[] below = OnnxCut.cut(model(manifest), cut.tensors());
        Trial trial = Trial.of(manifest, cut, below, compute);
        OnnxBackbone backbone = new OnnxBackbone(manifest, cut, trial.batched() ? trial : trial.freed(below));
        LOG.debugf(
                "backbone-opened base=%s digest=%s width=%d device=%s threads=%d batched=%s",
                manifest.name(),
                backbone.digest.abbreviated(),
                backbone.width,
                compute.device(),
                compute.threads(),
                backbone.batched);
        return backbone;
    }

    /**
     * Reads the complete model of {@code manifest} with all weights included, and checks its files against their
     * digests.
     *
     * @throws io.headwater.domain.ArtifactException when a file is missing, too large or has another digest
     * @throws BackboneException when the file is not a usable ONNX model
     */
    static ModelProto model(BaseModelManifest manifest) {
        byte[] bytes = ModelFiles.read(manifest.model(), MAX_MODEL_BYTES);
        WeightFiles.check(manifest, bytes, MAX_MODEL_BYTES - bytes.length);
        try {
            return OnnxModelFile.parse(bytes, ModelFiles.folder(manifest.model()), MAX_MODEL_BYTES);
        } catch (OnnxException e) {
            throw new BackboneException(e.getMessage(), e);
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

    /**
     * Returns the layout of rows at an unpooled cut, or at a pooled cut of several tensors.
     *
     * @throws IllegalStateException when the cut is a single pooled tensor
     */
    public CutLayout layout() {
        if (reading instanceof CutLayout layout) {
            return layout;
        }
        if (reading instanceof MixPooler pools) {
            return pools.layout();
        }
        throw new IllegalStateException("the backbone pools its features into one vector");
    }

    /** Returns the tensors at the cut by name. */
    Map<String, TensorInfo> outputs() {
        return session.outputs();
    }

    /** Returns the axis order of an image model. */
    static ImageLayout layout(BaseModelManifest manifest) {
        return manifest.input() instanceof ImageInput image ? image.layout() : ImageLayout.NHWC;
    }

    /** Whether several inputs share a run. */
    public boolean isBatched() {
        return batched;
    }

    /**
     * {@inheritDoc}
     *
     * @throws NonFiniteFeaturesException when some inputs give NaN or infinity
     * @throws IllegalArgumentException when an input has another kind or size than the base model reads
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
        return run(session, feed, reading, inputs);
    }

    /** Computes the features of inputs of one group in one run. */
    private static float[][] run(OnnxSession session, Feed feed, FeatureReader reading, List<ModelInput> inputs) {
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

    /**
     * A session and its results for trial inputs, each run alone.
     *
     * @param batched whether a run of all trial inputs together gave the same bits
     */
    private record Trial(
            BaseModelManifest manifest,
            BackboneCut cut,
            Compute compute,
            OnnxSession session,
            Feed feed,
            FeatureReader reading,
            float[][] alone,
            boolean batched) {

        static Trial of(BaseModelManifest manifest, BackboneCut cut, byte[] model, Compute compute) {
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
                return new Trial(manifest, cut, compute, session, feed, reading, alone, batched);
            } catch (RuntimeException e) {
                session.close();
                throw e;
            }
        }

        private static FeatureReader reading(
                BaseModelManifest manifest, BackboneCut cut, OnnxSession session, Feed feed, ModelInput trial) {
            Pooler pool = new Pooler(manifest.pooling(), layout(manifest), cut.normalises(manifest));
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
