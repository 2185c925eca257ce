package io.headwater.engine.runtime;

import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModelDigest;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.FreeBatch;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.weights.ModelFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    private final boolean finite;

    private OnnxBackbone(BaseModelManifest manifest, BackboneCut cut, BackboneTrial trial) {
        digest = BaseModelDigest.digest(manifest, cut);
        session = trial.session();
        feed = trial.batched() ? trial.feed() : trial.feed().alone();
        reading = trial.reading();
        width = trial.alone()[0].length;
        batched = trial.batched();
        finite = Arrays.stream(trial.alone()).allMatch(OnnxBackbone::isFinite);
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
        return of(model(manifest), manifest, cut, compute);
    }

    /**
     * As {@link #open(BaseModelManifest, BackboneCut, Compute)}, of a model that was read already.
     *
     * @param model the complete model, as {@code OnnxModelFile} returns it
     */
    public static OnnxBackbone of(ModelProto model, BaseModelManifest manifest, BackboneCut cut, Compute compute) {
        byte[] below = OnnxCut.cut(manyRows(model, manifest), cut.tensors());
        BackboneTrial trial = BackboneTrial.of(manifest, cut, below, compute);
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
            ModelProto model = OnnxModelFile.parse(bytes, ModelFiles.folder(manifest.model()), MAX_MODEL_BYTES);
            return manyRows(model, manifest);
        } catch (OnnxException e) {
            throw new BackboneException(e.getMessage(), e);
        }
    }

    /** Returns the model with a free batch axis if it was saved for a fixed number of rows above one. */
    private static ModelProto manyRows(ModelProto model, BaseModelManifest manifest) {
        return FreeBatch.ofMany(model.getGraph(), ModelDivision.sampleInputs(manifest))
                .map(graph -> model.toBuilder().setGraph(graph).build())
                .orElse(model);
    }

    /** Whether the features of all inputs that it was tried with are finite. */
    public boolean isFinite() {
        return finite;
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
                float[][] rows = BackboneTrial.run(
                        session, feed, reading, part.stream().map(inputs::get).toList());
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

    private static boolean isFinite(float[] features) {
        for (float value : features) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private static void requireFinite(float[][] features) {
        SortedSet<Integer> faulty = new TreeSet<>();
        for (int i = 0; i < features.length; i++) {
            if (!isFinite(features[i])) {
                faulty.add(i);
            }
        }
        if (!faulty.isEmpty()) {
            throw new NonFiniteFeaturesException(faulty);
        }
    }
}
