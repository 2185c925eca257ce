package io.headwater.engine.graph;

import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TensorInput;
import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.graph.layer.Embedding;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.runtime.Pooler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The frozen part of a graph model up to its cut, computed by Deeplearning4j. Inputs are computed one at a time,
 * because the rounding of a matrix product depends on the batch size. Safe for use by several threads: calls are
 * serialised, because a Deeplearning4j graph is not thread-safe.
 */
final class GraphBackbone implements Backbone {
    private final Digest digest;
    private final Shape input;
    private final Shape output;
    private final boolean channelsLast;
    private final Pooling pooling;
    private final Pooler pool;
    private final int vocabulary;
    private final int width;
    private final ComputationGraph graph;

    private GraphBackbone(
            GraphModel model, String cut, Digest digest, boolean channelsLast, Pooling pooling, boolean normalise) {
        this.digest = digest;
        this.channelsLast = channelsLast;
        this.pooling = pooling;
        input = model.input().shape();
        output = Objects.requireNonNull(model.shapes().get(cut));
        // Deeplearning4j does not check token ids. A float represents every integer up to 2^24 exactly.
        vocabulary = model.vertices().stream()
                .map(GraphModel.Vertex::operation)
                .mapToInt(operation -> operation instanceof Embedding words ? words.rows() : 1 << 24)
                .min()
                .orElse(0);
        pool = new Pooler(pooling, ImageLayout.NCHW, normalise);
        graph = GraphNetwork.answering(model, model.input().name(), cut, null, DataType.FLOAT);
        width = features(new float[input.size()]).length;
    }

    /**
     * Opens the part of {@code model} up to {@code cut} and runs it once.
     *
     * @param input the input as the manifest declares it; an image must have the model's size
     * @param cut the vertex whose output becomes the features
     * @param pooling how the output of the vertex is pooled; {@code NONE} keeps all values, channels first, or steps
     *     before features
     * @param normalise whether the feature vector is scaled to unit length
     * @param digest the digest of model, cut, pooling and preprocessing
     * @throws GraphException when the model does not match the manifest
     */
    static GraphBackbone open(
            GraphModel model, BaseModelInput input, String cut, Pooling pooling, boolean normalise, Digest digest) {
        boolean channelsLast = false;
        if (input instanceof ImageInput image) {
            channelsLast = image.layout() == ImageLayout.NHWC;
            Shape wanted = new Shape.Image(image.channels().count(), image.height(), image.width());
            if (!wanted.equals(model.input().shape())) {
                throw new GraphException("the manifest's image is " + wanted + ", but input '"
                        + model.input().name() + "' of the model is "
                        + model.input().shape()
                        + "; correct the manifest or use another model");
            }
        } else if (input instanceof TensorInput tensor) {
            if (tensor.size() != model.input().shape().size() || model.input().shape() instanceof Shape.Tokens) {
                throw new GraphException("the manifest's input has " + tensor.size() + " values, but input '"
                        + model.input().name() + "' of the model is "
                        + model.input().shape()
                        + "; correct the manifest or use another model");
            }
        } else if (!(model.input().shape() instanceof Shape.Tokens)) {
            throw new GraphException(
                    "the manifest's input is text, but input '" + model.input().name() + "' of the model is "
                            + model.input().shape() + "; correct the manifest or use another model");
        }
        GraphCut.between(model, model.input().name(), cut); // throws if the cut is invalid
        return new GraphBackbone(model, cut, digest, channelsLast, pooling, normalise);
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
     * @throws IllegalArgumentException when an input has another kind or size than the base model reads
     */
    @Override
    public List<float[]> features(List<ModelInput> inputs) {
        List<float[]> features = new ArrayList<>();
        SortedSet<Integer> faulty = new TreeSet<>();
        for (ModelInput one : inputs) {
            float[] row = features(values(one));
            for (float value : row) {
                if (!Float.isFinite(value)) {
                    faulty.add(features.size());
                    break;
                }
            }
            features.add(row);
        }
        if (!faulty.isEmpty()) {
            throw new NonFiniteFeaturesException(faulty);
        }
        return List.copyOf(features);
    }

    @Override
    public synchronized void close() {
        INDArray parameters = graph.params();
        if (parameters != null && parameters.closeable()) {
            parameters.close();
        }
    }

    private synchronized float[] features(float[] values) {
        float[] at;
        long[] shape;
        try (INDArray batch = GraphNetwork.batch(new float[][] {values}, input, DataType.FLOAT);
                INDArray result = graph.outputSingle(false, batch)) {
            shape = result.shape();
            at = GraphNetwork.values(result, output);
        } finally {
            graph.clear();
        }
        if (output instanceof Shape.Sequence) {
            shape = new long[] {1, shape[2], shape[1]};
        }
        if (pooling == Pooling.NONE) {
            shape = new long[] {1, at.length};
        }
        return pool.rows(at, shape, new int[] {Integer.MAX_VALUE})[0];
    }

    private float[] values(ModelInput one) {
        if (one instanceof ModelInput.Pixels pixels && !(input instanceof Shape.Tokens)) {
            if (input instanceof Shape.Image image && channelsLast && pixels.values().length == image.size()) {
                return channelsFirst(pixels.values(), image);
            }
            return pixels.values();
        }
        if (one instanceof ModelInput.Numbers numbers && !(input instanceof Shape.Tokens)) {
            return numbers.values();
        }
        if (one instanceof ModelInput.Tokens tokens && input instanceof Shape.Tokens) {
            float[] ids = new float[tokens.ids().length];
            for (int i = 0; i < ids.length; i++) {
                if (tokens.ids()[i] < 0 || tokens.ids()[i] >= vocabulary) {
                    throw new IllegalArgumentException("token ids must be 0 to " + (vocabulary - 1) + ", but one is "
                            + tokens.ids()[i] + "; the tokenizer is not the model's");
                }
                ids[i] = tokens.ids()[i];
            }
            return ids;
        }
        throw new IllegalArgumentException("the base model reads " + input + ", but was given "
                + one.getClass().getSimpleName());
    }

    private static float[] channelsFirst(float[] values, Shape.Image image) {
        float[] turned = new float[values.length];
        int places = image.height() * image.width();
        for (int place = 0; place < places; place++) {
            for (int c = 0; c < image.channels(); c++) {
                turned[c * places + place] = values[place * image.channels() + c];
            }
        }
        return turned;
    }
}
