package io.headwater.api.inference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.config.BaseModelInput;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.online.Desk;
import java.util.ArrayList;
import java.util.List;

/**
 * What the protocol says of a lane: its inputs and outputs, which follow from its task and its base model.
 *
 * @param version the number of the version that is asked for
 */
record ModelMetadata(String name, long version, String platform, List<Tensor> inputs, List<Tensor> outputs) {
    private static final int ANY = -1;
    private static final String BYTES = "BYTES";
    private static final String FP32 = "FP32";

    /**
     * An input or output.
     *
     * @param shape sizes of its axes; -1 where any is right
     */
    record Tensor(String name, String datatype, List<Integer> shape) {}

    /** Returns the metadata of a lane of {@code desk}, of which {@code version} is asked for. */
    static ModelMetadata of(String name, long version, Desk desk) {
        TaskKind task = desk.adaptation().task();
        return new ModelMetadata(
                name, version, "headwater_" + task.key().replace('-', '_'), inputs(task, desk.input()), outputs(task));
    }

    private static List<Tensor> inputs(TaskKind task, BaseModelInput input) {
        if (task == TaskKind.QUESTION_ANSWERING) {
            return List.of(text(InputRows.QUESTION), text(InputRows.CONTEXT));
        }
        return switch (input.kind()) {
            case TEXT -> List.of(text(InputRows.TEXT));
            case IMAGE -> List.of(text(InputRows.IMAGE));
            case AUDIO -> List.of(text(InputRows.AUDIO));
            case TENSOR -> {
                List<Integer> shape = new ArrayList<>(List.of(ANY));
                shape.addAll(((TensorInput) input).shape());
                yield List.of(new Tensor(InputRows.NUMBERS, FP32, shape));
            }
        };
    }

    private static List<Tensor> outputs(TaskKind task) {
        List<Tensor> outputs = new ArrayList<>();
        outputs.add(text(Outputs.LABEL));
        if (task.hasProbabilities()) {
            outputs.add(text(Outputs.CLASSES));
            outputs.add(new Tensor(Outputs.PROBABILITIES, FP32, List.of(ANY, ANY)));
        }
        if (task == TaskKind.REGRESSION) {
            outputs.add(new Tensor(Outputs.VALUES, FP32, List.of(ANY, ANY)));
        }
        return outputs;
    }

    private static Tensor text(String name) {
        return new Tensor(name, BYTES, List.of(ANY));
    }

    /** Returns it as the protocol has it over REST. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
        json.putArray("versions").add(Long.toString(version));
        json.put("platform", platform);
        write(inputs, json.putArray("inputs"));
        write(outputs, json.putArray("outputs"));
        return json;
    }

    private static void write(List<Tensor> tensors, ArrayNode into) {
        for (Tensor tensor : tensors) {
            ArrayNode sizes = into.addObject()
                    .put("name", tensor.name())
                    .put("datatype", tensor.datatype())
                    .putArray("shape");
            tensor.shape().forEach(sizes::add);
        }
    }
}
