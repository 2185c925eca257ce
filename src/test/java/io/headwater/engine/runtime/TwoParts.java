package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.DividedModel;
import io.headwater.engine.ModelInput;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.device.Compute;
import io.headwater.engine.gradient.GradientException;
import io.headwater.engine.graph.GraphBaseModel;
import io.headwater.engine.graph.GraphParts;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import io.headwater.engine.top.TopGraph;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/** Computes the output of a base model in two parts: the frozen part below a cut and the trainable part above it. */
public final class TwoParts {
    private static final String FEATURES = "top/features";
    private static final Set<String> KEEP_IDS =
            Set.of("Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten");
    private static final int SMALLEST_VOCABULARY = 256;
    private static final int MAX_BYTES = 1 << 30;

    private TwoParts() {}

    /**
     * The features computed by the two parts.
     *
     * @param rows a feature vector for each input
     * @param fault why nothing above the cut can be trained; empty if something can
     */
    public record Said(float[][] rows, String fault) {}

    /** Returns an adaptation that fine-tunes the layers above {@code cut}. */
    public static AdaptationConfig above(String cut) {
        return AdaptationConfig.of("bench", TaskKind.TENSOR_CLASSIFICATION, "bench")
                .withStrategy(new StrategyConfig(cut, Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT));
    }

    /** Returns whether the ONNX model of {@code manifest} has weights in half precision. */
    public static boolean isHalf(BaseModelManifest manifest) {
        return !GraphBaseModel.isOne(manifest)
                && OnnxBackbone.model(manifest).getGraph().getInitializerList().stream()
                        .anyMatch(weight -> weight.getDataType() == TensorProto.DataType.FLOAT16_VALUE);
    }

    /**
     * Returns the vocabulary size of the ONNX model in {@code file}, whose token ids are the input {@code ids}; 256 if
     * it cannot be determined.
     */
    public static int vocabulary(Path file, String ids) throws IOException {
        ModelProto model = OnnxModelFile.parse(
                Files.readAllBytes(file), file.toAbsolutePath().getParent(), MAX_BYTES);
        Map<String, TensorProto> weights = new HashMap<>();
        model.getGraph().getInitializerList().forEach(weight -> weights.put(weight.getName(), weight));
        Set<String> same = new HashSet<>(Set.of(ids));
        for (NodeProto node : model.getGraph().getNodeList()) {
            boolean reads = node.getInputList().stream().anyMatch(same::contains);
            TensorProto table = node.getInputCount() > 0 ? weights.get(node.getInput(0)) : null;
            if (reads && node.getOpType().equals("Gather") && table != null) {
                return (int) table.getDims(0);
            }
            if (reads && KEEP_IDS.contains(node.getOpType())) {
                same.addAll(node.getOutputList());
            }
        }
        return SMALLEST_VOCABULARY;
    }

    /** Returns whether the model is a graph model. */
    public static boolean isGraph(BaseModelManifest manifest) {
        return GraphBaseModel.isOne(manifest);
    }

    /** Returns the output of the whole graph model of {@code manifest} for each input. */
    public static float[][] wholeGraph(BaseModelManifest manifest, List<ModelInput> inputs) {
        return GraphParts.whole(GraphBaseModel.model(manifest), manifest.input(), inputs);
    }

    /**
     * Returns the output layer of the graph model of {@code manifest}, a dense layer, as the output layer of a
     * version.
     */
    public static Map<String, Tensor.F32> classifier(BaseModelManifest manifest) {
        return GraphParts.classifier(GraphBaseModel.model(manifest));
    }

    /**
     * Computes the features of each input with the part below {@code cut} and the untrained part above it.
     *
     * @param manifest manifest whose features are the output of the model
     * @param cut the tensors, joined by '+'
     */
    public static Said features(BaseModelManifest manifest, String cut, List<ModelInput> inputs) {
        if (GraphBaseModel.isOne(manifest)) {
            return new Said(GraphParts.divided(GraphBaseModel.model(manifest), manifest.input(), cut, inputs), "");
        }
        DividedModel model;
        try {
            model = BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(above(cut));
        } catch (BackboneException e) {
            if (Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
                    .noneMatch(cause -> cause instanceof GradientException || cause instanceof TopException)) {
                throw e;
            }
            // Nothing above the cut can be trained, or an operator has no gradient; the cut divides the model
            // nevertheless.
            return new Said(plain(manifest, cut, inputs), String.valueOf(e.getMessage()));
        }
        try (model) {
            return new Said(features(model, inputs), "");
        }
    }

    private static float[][] features(DividedModel model, List<ModelInput> inputs) {
        OnnxHeads heads = (OnnxHeads) model.heads();
        TopGraph top = heads.top();
        Map<String, OnnxTensor> given = new HashMap<>();
        try (TopSession session =
                TopSession.open(top.model(TopShapes.withOutputs(top.graph(), Set.of(FEATURES))), Compute.ONE_THREAD)) {
            given.putAll(heads.batch().tensors(model.backbone().features(inputs)));
            for (Map.Entry<String, Tensor.F32> weight : heads.pretrained().entrySet()) {
                given.put(
                        weight.getKey(),
                        tensor(weight.getValue().values(), weight.getValue().shape()));
            }
            // The requested outputs do not depend on the output layer's weights.
            given.put(TopGraph.WEIGHTS, tensor(new float[top.width()], top.width(), 1));
            given.put(TopGraph.BIAS, tensor(new float[1], 1));
            try (OrtSession.Result result = session.run(given, Map.of())) {
                float[] values = values(result, FEATURES);
                float[][] rows = new float[inputs.size()][];
                for (int row = 0; row < rows.length; row++) {
                    rows[row] = Arrays.copyOfRange(values, row * top.width(), (row + 1) * top.width());
                }
                return rows;
            }
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime failed on the part above the cut: " + e.getMessage(), e);
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private static float[][] plain(BaseModelManifest manifest, String cut, List<ModelInput> inputs) {
        ModelProto whole = OnnxBackbone.model(manifest);
        ModelDivision division = ModelDivision.of(manifest, above(cut), whole);
        Segment segment = division.segment(manifest, whole);
        if (segment.nodes().isEmpty()) {
            try (OnnxBackbone all = OnnxBackbone.open(manifest)) {
                return all.features(inputs).toArray(float[][]::new);
            }
        }
        try (OnnxBackbone below =
                        OnnxBackbone.open(manifest, BackboneCut.unpooled(division.cut()), Compute.ONE_THREAD);
                TopSession above = TopSession.open(
                        segment.model(segment.graph(below.layout().byName())), Compute.ONE_THREAD)) {
            TopBatch batch = new TopBatch(below.layout(), TopFeatures.side(manifest, segment), Pooling.NONE, 0);
            Pooler pool = new Pooler(manifest.pooling(), OnnxBackbone.layout(manifest), manifest.normalise());
            List<float[]> features = below.features(inputs);
            float[][] rows = new float[inputs.size()][];
            // Computed one by one, because rows of a part that cannot be trained may depend on each other.
            for (int row = 0; row < rows.length; row++) {
                Map<String, OnnxTensor> given = batch.tensors(List.of(features.get(row)));
                try (OrtSession.Result result = above.run(given, Map.of())) {
                    long[] shape = ((OnnxTensor) result.get(0)).getInfo().getShape();
                    rows[row] =
                            pool.rows(values(result, segment.output()), shape, new int[] {tokens(inputs.get(row))})[0];
                } finally {
                    given.values().forEach(OnnxTensor::close);
                }
            }
            return rows;
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime failed on the part above the cut: " + e.getMessage(), e);
        }
    }

    private static int tokens(ModelInput input) {
        return input instanceof ModelInput.Tokens text ? text.ids().length : Integer.MAX_VALUE;
    }

    /**
     * Returns the ONNX file of an untrained version with a cut at {@code cut}.
     *
     * @param width number of features
     */
    public static byte[] untrained(BaseModelManifest manifest, String cut, int width) {
        return BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                .onnx(
                        above(cut),
                        OutputLayer.CLASSES,
                        Map.of(
                                TopGraph.WEIGHTS,
                                new Tensor.F32(new int[] {width, 2}, new float[2 * width]),
                                TopGraph.BIAS,
                                new Tensor.F32(new int[] {2}, new float[2])),
                        Map.of());
    }

    private static OnnxTensor tensor(float[] values, int... shape) throws OrtException {
        return TopBatch.tensor(values, Arrays.stream(shape).asLongStream().toArray());
    }

    private static float[] values(OrtSession.Result result, String name) {
        FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }
}
