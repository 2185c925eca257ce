package io.headwater.engine.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.headwater.engine.BackboneException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Types and shapes of a model's tensors, as ONNX Runtime infers them.
 *
 * @param inputs the inputs of the model, in its order
 * @param computed the outputs and the requested tensors
 */
public record TensorInfos(Map<String, TensorInfo> inputs, Map<String, TensorInfo> computed) {

    /**
     * Loads {@code model} and returns its types and shapes.
     *
     * @param tensors names of tensors that nodes compute
     * @throws BackboneException when ONNX Runtime cannot load the model
     */
    public static TensorInfos of(ModelProto model, Collection<String> tensors) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        Set<String> wanted = new TreeSet<>(tensors);
        graph.getOutputList().forEach(output -> wanted.remove(output.getName()));
        wanted.forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)));
        byte[] bytes = model.toBuilder().setGraph(graph).build().toByteArray();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (OrtSession session = OnnxRuntime.environment().createSession(bytes, options)) {
                return new TensorInfos(tensors(session.getInputInfo()), tensors(session.getOutputInfo()));
            }
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot load the model: " + e.getMessage(), e);
        }
    }

    /** Returns the shapes of all computed tensors, by name; empty for tensors of unknown rank. */
    public Map<String, List<Object>> shapes() {
        Map<String, List<Object>> shapes = new LinkedHashMap<>();
        computed.forEach((name, info) -> shapes.put(name, shape(info)));
        return shapes;
    }

    /** Returns the sizes of a shape; a free axis is given by its name, or -1 if it has none. */
    public static List<Object> shape(TensorInfo info) {
        List<Object> axes = new ArrayList<>();
        for (int axis = 0; axis < info.getShape().length; axis++) {
            long size = info.getShape()[axis];
            String name = info.getDimensionNames()[axis];
            axes.add(size < 0 && !name.isEmpty() ? name : Long.valueOf(size));
        }
        return axes;
    }

    private static Map<String, TensorInfo> tensors(Map<String, NodeInfo> infos) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        infos.forEach((name, info) -> {
            if (info.getInfo() instanceof TensorInfo tensor) {
                tensors.put(name, tensor);
            }
        });
        return tensors;
    }
}
