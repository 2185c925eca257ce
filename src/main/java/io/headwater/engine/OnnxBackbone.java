package io.headwater.engine;

import ai.onnxruntime.OrtException;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.Layout;
import io.headwater.domain.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * The part of an ONNX model below its cut, in ONNX Runtime. Each call runs on the caller's thread; several
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

    private OnnxBackbone(BaseModelManifest manifest, OnnxSession session) {
        this.session = session;
        digest = Preprocessing.digest(manifest);
        feed = Feeds.of(manifest.input(), session.inputs());
        Layout layout = manifest.input() instanceof ImageInput image ? image.layout() : Layout.NHWC;
        pool = new Pool(manifest.pooling(), layout, manifest.normalise());
        List<ModelInput> trials = feed.trials();
        float[][] alone = trials.stream().map(input -> run(List.of(input))[0]).toArray(float[][]::new);
        width = alone[0].length;
        int group = feed.group(trials.get(0));
        batched = feed.rows(group) >= trials.size() && Arrays.deepEquals(alone, run(trials));
    }

    /** Opens the backbone of {@code manifest} on the CPU with one thread a run. */
    public static OnnxBackbone open(BaseModelManifest manifest) {
        return open(manifest, 1);
    }

    /** Opens the backbone of {@code manifest} on the CPU with {@code threads} threads a run. */
    public static OnnxBackbone open(BaseModelManifest manifest, int threads) {
        return open(manifest, threads, Device.CPU);
    }

    /**
     * Opens the backbone of {@code manifest}: reads and checks its file, cuts it, loads it and tries it.
     *
     * @param threads of one run, positive; the bits of features depend on it
     * @param device where it runs; the bits of features depend on it
     * @throws io.headwater.domain.ArtifactException when the file is missing, too large or has another digest
     * @throws BackboneException when the model is not what the manifest says
     */
    public static OnnxBackbone open(BaseModelManifest manifest, int threads, Device device) {
        if (threads < 1) {
            throw new IllegalArgumentException("a run needs at least 1 thread, but got " + threads);
        }
        byte[] model = ModelFiles.read(manifest.model(), MAX_MODEL_BYTES);
        try {
            byte[] below = OnnxCut.cut(model, manifest.cut());
            OnnxSession session = OnnxSession.open(below, threads, manifest.input() instanceof ImageInput, device);
            try {
                OnnxBackbone backbone = new OnnxBackbone(manifest, session);
                LOG.debugf(
                        "backbone-opened base=%s digest=%s width=%d device=%s threads=%d batched=%s",
                        manifest.name(),
                        backbone.digest.abbreviated(),
                        backbone.width,
                        device,
                        threads,
                        backbone.batched);
                return backbone;
            } catch (RuntimeException e) {
                session.close();
                throw e;
            }
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

    /** The features of inputs of one group, in one run. */
    private float[][] run(List<ModelInput> inputs) {
        try {
            OnnxSession.Output output = session.run(feed.tensors(inputs, feed.group(inputs.get(0))));
            int[] used = inputs.stream().mapToInt(feed::used).toArray();
            return pool.rows(output.values(), output.shape(), used);
        } catch (OrtException e) {
            throw new BackboneException(
                    "ONNX Runtime failed on a batch of " + inputs.size() + ": " + e.getMessage(), e);
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
