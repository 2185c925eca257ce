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

/** What the protocol says of a lane: its inputs and outputs, which follow from its task and its base model. */
final class ModelMetadata {
    private static final int ANY = -1;

    private ModelMetadata() {}

    /** Returns the metadata of a lane of {@code desk}, of which {@code version} is asked for. */
    static ObjectNode of(String name, long version, Desk desk) {
        TaskKind task = desk.adaptation().task();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
        json.putArray("versions").add(Long.toString(version));
        json.put("platform", "headwater_" + task.key().replace('-', '_'));
        ArrayNode inputs = json.putArray("inputs");
        if (task == TaskKind.QUESTION_ANSWERING) {
            tensor(inputs, InputRows.QUESTION, "BYTES", List.of(ANY));
            tensor(inputs, InputRows.CONTEXT, "BYTES", List.of(ANY));
        } else {
            input(inputs, desk.input());
        }
        ArrayNode outputs = json.putArray("outputs");
        tensor(outputs, Outputs.LABEL, "BYTES", List.of(ANY));
        if (task.hasProbabilities()) {
            tensor(outputs, Outputs.CLASSES, "BYTES", List.of(ANY));
            tensor(outputs, Outputs.PROBABILITIES, "FP32", List.of(ANY, ANY));
        }
        if (task == TaskKind.REGRESSION) {
            tensor(outputs, Outputs.VALUES, "FP32", List.of(ANY, ANY));
        }
        return json;
    }

    private static void input(ArrayNode inputs, BaseModelInput input) {
        switch (input.kind()) {
            case TEXT -> tensor(inputs, InputRows.TEXT, "BYTES", List.of(ANY));
            case IMAGE -> tensor(inputs, InputRows.IMAGE, "BYTES", List.of(ANY));
            case AUDIO -> tensor(inputs, InputRows.AUDIO, "BYTES", List.of(ANY));
            case TENSOR -> {
                List<Integer> shape = new ArrayList<>(List.of(ANY));
                shape.addAll(((TensorInput) input).shape());
                tensor(inputs, InputRows.NUMBERS, "FP32", shape);
            }
        }
    }

    private static void tensor(ArrayNode into, String name, String datatype, List<Integer> shape) {
        ArrayNode sizes =
                into.addObject().put("name", name).put("datatype", datatype).putArray("shape");
        shape.forEach(sizes::add);
    }
}
