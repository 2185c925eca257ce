package io.headwater.engine;

import io.headwater.engine.gradient.BackwardPass;
import io.headwater.engine.gradient.Differentiation;
import io.headwater.engine.gradient.Forward;
import io.headwater.engine.top.TopGraph;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * Forward and backward pass of a top down to a depth.
 *
 * @param forward computes logits and what the backward pass reads
 * @param backward computes the gradients
 * @param pass names of what goes between them
 */
record TopTraining(TopSession forward, TopSession backward, BackwardPass pass) implements AutoCloseable {

    /**
     * The passes that reach the parameters of a depth below {@code unfrozen}.
     *
     * @param shapes of all tensors of the top
     * @throws io.headwater.engine.gradient.GradientException when an operator on the way has no gradient
     */
    static TopTraining open(TopGraph top, Map<String, long[]> shapes, int unfrozen, Compute compute) {
        Set<String> wanted = top.parameters().entrySet().stream()
                .filter(parameter -> parameter.getValue().depth() < unfrozen)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Forward forward = new Forward(top.graph(), top.opsets(), shapes, DataType.FLOAT_VALUE);
        BackwardPass pass = Differentiation.of(forward, wanted, TopGraph.LOGITS);
        Set<String> outputs = new LinkedHashSet<>(Set.of(TopGraph.LOGITS));
        Set<String> given = top.graph().getInputList().stream()
                .map(input -> input.getName())
                .collect(Collectors.toSet());
        pass.saved().stream().filter(name -> !given.contains(name)).forEach(outputs::add);
        GraphProto graph = top.graph().toBuilder().addAllNode(pass.appended()).build();
        TopSession forwards = TopSession.open(top.model(TopShapes.withOutputs(graph, outputs)), compute);
        try {
            return new TopTraining(forwards, TopSession.open(pass.model(), compute), pass);
        } catch (RuntimeException e) {
            forwards.close();
            throw e;
        }
    }

    @Override
    public void close() {
        forward.close();
        backward.close();
    }
}
