package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.headwater.engine.BackboneException;
import io.headwater.engine.device.Compute;
import io.headwater.engine.top.TopGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.jboss.logging.Logger;

/**
 * Determines the shapes of all tensors of a graph by two runs whose batches differ in the size of every variable axis:
 * rows, tokens and classes.
 */
final class TopShapes {
    private static final Logger LOG = Logger.getLogger(TopShapes.class);
    private static final int[] ROWS = {2, 3};
    private static final int[] TOKENS = {5, 11};
    private static final int[] CLASSES = {7, 13};

    private final TopBatch batch;

    TopShapes(TopBatch batch) {
        this.batch = batch;
    }

    /** Returns the shape of {@code tensor} in {@code model}, which has no parameters; -1 for variable axes. */
    long[] of(ModelProto model, String tensor) {
        return run(model, Map.of()).getOrDefault(tensor, new long[0]);
    }

    /** Returns the shapes of all tensors that a node of {@code top} reads or writes; -1 for variable axes. */
    Map<String, long[]> of(TopGraph top) {
        Set<String> all = new LinkedHashSet<>();
        for (NodeProto node : top.graph().getNodeList()) {
            all.addAll(node.getOutputList());
        }
        all.remove("");
        Map<String, long[]> parameters = new LinkedHashMap<>();
        top.parameters().forEach((name, parameter) -> parameters.put(name, parameter.shape()));
        Map<String, long[]> shapes = new HashMap<>(run(top.model(withOutputs(top.graph(), all)), parameters));
        for (TensorProto constant : top.graph().getInitializerList()) {
            shapes.put(
                    constant.getName(),
                    constant.getDimsList().stream().mapToLong(Long::longValue).toArray());
        }
        return shapes;
    }

    static GraphProto withOutputs(GraphProto graph, Set<String> outputs) {
        GraphProto.Builder changed = graph.toBuilder().clearOutput();
        outputs.forEach(name -> changed.addOutput(ValueInfoProto.newBuilder().setName(name)));
        return changed.build();
    }

    private Map<String, long[]> run(ModelProto model, Map<String, long[]> parameters) {
        try (TopSession session = TopSession.open(model, Compute.ONE_THREAD)) {
            try {
                Map<String, long[]> first = run(session, 0, parameters);
                Map<String, long[]> second = run(session, 1, parameters);
                first.replaceAll((name, shape) -> merged(shape, second.getOrDefault(name, shape)));
                return first;
            } catch (OrtException e) {
                String tokens = fixedTokens(session);
                if (!tokens.isEmpty()) {
                    throw new BackboneException(tokens, e);
                }
                throw new BackboneException(
                        runsOneRow(session, parameters)
                                ? IndependentRows.oneRowOnly(String.valueOf(e.getMessage()))
                                : "ONNX Runtime cannot run the part above the cut: " + e.getMessage()
                                        + "; choose another cut",
                        e);
            }
        }
    }

    /** Returns why a part that reads a fixed number of tokens beside the cut cannot be used; empty if it reads none. */
    private static String fixedTokens(TopSession session) {
        for (Map.Entry<String, TensorInfo> input : session.inputs().entrySet()) {
            TensorInfo info = input.getValue();
            boolean ids = info.type == OnnxJavaType.INT32 || info.type == OnnxJavaType.INT64;
            if (ids && info.getShape().length == 2 && info.getShape()[1] > 1) {
                return "the part above the cut must take texts of any length, but reads '%s', which has exactly %d tokens; export the model with a free number of tokens, choose a cut above the nodes that read it, or training.strategy linear-probe"
                        .formatted(input.getKey(), info.getShape()[1]);
            }
        }
        return "";
    }

    private boolean runsOneRow(TopSession session, Map<String, long[]> parameters) {
        try {
            run(session, 0, 1, parameters);
            return true;
        } catch (OrtException e) {
            LOG.debugf(e, "one-row-refused");
            return false;
        }
    }

    private Map<String, long[]> run(TopSession session, int trial, Map<String, long[]> parameters) throws OrtException {
        return run(session, trial, ROWS[trial], parameters);
    }

    private Map<String, long[]> run(TopSession session, int trial, int count, Map<String, long[]> parameters)
            throws OrtException {
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            rows.add(new float[batch.layout().length(Math.max(1, TOKENS[trial] - row))]);
        }
        Map<String, OnnxTensor> inputs = new HashMap<>(batch.tensors(rows));
        try {
            for (Map.Entry<String, long[]> parameter : parameters.entrySet()) {
                long[] shape = Arrays.stream(parameter.getValue())
                        .map(size -> size < 0 ? CLASSES[trial] : size)
                        .toArray();
                int size = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
                inputs.put(parameter.getKey(), TopBatch.tensor(new float[size], shape));
            }
            TensorInfo dropout = session.inputs().get(TopGraph.DROPOUT);
            if (dropout != null) {
                long[] shape = {count, dropout.getShape()[1]};
                inputs.put(TopGraph.DROPOUT, TopBatch.tensor(new float[(int) (shape[0] * shape[1])], shape));
            }
            Map<String, long[]> shapes = new HashMap<>();
            inputs.forEach((name, tensor) -> shapes.put(name, tensor.getInfo().getShape()));
            try (OrtSession.Result result = session.run(inputs, Map.of())) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    if (output.getValue().getInfo() instanceof TensorInfo info) {
                        shapes.put(output.getKey(), info.getShape());
                    }
                }
            }
            return shapes;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static long[] merged(long[] one, long[] other) {
        long[] merged = one.clone();
        for (int axis = 0; axis < merged.length; axis++) {
            if (axis < other.length && merged[axis] != other[axis]) {
                merged[axis] = -1;
            }
        }
        return merged;
    }
}
