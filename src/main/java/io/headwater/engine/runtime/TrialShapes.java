package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelInput;
import io.headwater.config.TextInput;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import onnx.Onnx.ModelProto;
import onnx.Onnx.ValueInfoProto;
import org.jboss.logging.Logger;

/** Determines the shapes of tensors by trial runs, for models in which ONNX Runtime cannot infer even the rank. */
public final class TrialShapes {
    private static final Logger LOG = Logger.getLogger(TrialShapes.class);
    private static final int LONGER = 9;

    private TrialShapes() {}

    /**
     * Returns the shapes of {@code tensors}; −1 for axes that differ between runs with different numbers and lengths
     * of inputs. Empty when the model cannot be run on inputs as described by {@code input}.
     *
     * @param inputs the inputs of the model
     */
    public static Map<String, List<Object>> of(
            ModelProto model, Collection<String> tensors, BaseModelInput input, Map<String, TensorInfo> inputs) {
        ModelProto.Builder asked = model.toBuilder();
        asked.getGraphBuilder().clearOutput();
        tensors.forEach(name ->
                asked.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(name)));
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setIntraOpNumThreads(1);
            try (OrtSession session =
                    OnnxRuntime.environment().createSession(asked.build().toByteArray(), options)) {
                Feed feed = Feeds.of(input, inputs);
                Map<String, long[]> one = run(session, feed, feed.trials().subList(0, 1));
                Map<String, long[]> more = larger(session, feed, input).orElse(one);
                Map<String, List<Object>> shapes = new HashMap<>();
                one.forEach((name, shape) -> shapes.put(name, merged(shape, more.getOrDefault(name, shape))));
                return shapes;
            }
        } catch (OrtException | BackboneException e) {
            LOG.debugf(e, "trial-for-shapes-failed tensors=%d", tensors.size());
            return Map.of();
        }
    }

    private static Optional<Map<String, long[]>> larger(OrtSession session, Feed feed, BaseModelInput input) {
        ModelInput longer = feed.trials().get(0);
        if (input instanceof TextInput text) {
            longer = new ModelInput.Tokens(new long[Math.min(LONGER, text.maxTokens())]);
        }
        try {
            return Optional.of(run(session, feed, Collections.nCopies(2, longer)));
        } catch (OrtException e) {
            LOG.debugf(e, "trial-of-two-failed");
            return Optional.empty();
        }
    }

    private static Map<String, long[]> run(OrtSession session, Feed feed, List<ModelInput> inputs) throws OrtException {
        Map<String, OnnxTensor> tensors = feed.tensors(inputs, feed.group(inputs.get(0)));
        try (OrtSession.Result result = session.run(tensors)) {
            Map<String, long[]> shapes = new HashMap<>();
            for (Map.Entry<String, OnnxValue> output : result) {
                if (output.getValue().getInfo() instanceof TensorInfo info) {
                    shapes.put(output.getKey(), info.getShape());
                }
            }
            return shapes;
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static List<Object> merged(long[] one, long[] more) {
        List<Object> axes = new ArrayList<>();
        for (int axis = 0; axis < one.length; axis++) {
            boolean same = more.length == one.length && more[axis] == one[axis];
            axes.add(same ? Long.valueOf(one[axis]) : Long.valueOf(-1));
        }
        return axes;
    }
}
