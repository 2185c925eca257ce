package io.headwater.engine.runtime;

import io.headwater.engine.device.Compute;
import io.headwater.engine.gradient.BackwardPass;
import io.headwater.engine.gradient.Differentiation;
import io.headwater.engine.gradient.Forward;
import io.headwater.engine.top.BatchNormNode;
import io.headwater.engine.top.BatchNormNodes;
import io.headwater.engine.top.ParameterRole;
import io.headwater.engine.top.TopGraph;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * The forward and backward pass of a top down to a given depth.
 *
 * @param forward computes the logits and the tensors that the backward pass reads
 * @param backward computes the gradients
 * @param pass the names of the tensors passed between them
 * @param norms the batch normalizations that use the statistics of the rows in the run, which must be all rows of a
 *     step
 */
record TopTraining(TopSession forward, TopSession backward, BackwardPass pass, List<BatchNormNode> norms)
        implements AutoCloseable {

    /**
     * Selects the passes.
     *
     * @param unfrozen the number of trained groups, from the output layer down
     * @param byStep whether batch normalizations in these groups whose running statistics are updated use the
     *     statistics of the step
     */
    record Reach(int unfrozen, boolean byStep) {}

    /**
     * Opens the passes that train the parameters of a depth below {@code reach.unfrozen}.
     *
     * @param shapes the shapes of all tensors of the top
     * @throws io.headwater.engine.gradient.GradientException when the backward pass has to pass an operator without a
     *     gradient
     */
    static TopTraining open(TopGraph top, Map<String, long[]> shapes, Reach reach, Compute compute) {
        List<BatchNormNode> norms = BatchNormNodes.of(top).stream()
                .filter(norm -> reach.byStep() && norm.depth() < reach.unfrozen())
                .toList();
        Set<String> wanted = top.parameters().entrySet().stream()
                .filter(parameter -> parameter.getValue().depth() < reach.unfrozen())
                .filter(parameter -> parameter.getValue().role() != ParameterRole.STATISTIC)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        GraphProto derived = BatchNormNodes.inTraining(top.graph(), norms);
        Forward forward = new Forward(derived, top.opsets(), shapes, DataType.FLOAT_VALUE);
        BackwardPass pass = Differentiation.of(forward, wanted, TopGraph.LOGITS);
        Set<String> outputs = new LinkedHashSet<>(Set.of(TopGraph.LOGITS));
        Set<String> given = top.graph().getInputList().stream()
                .map(input -> input.getName())
                .collect(Collectors.toSet());
        norms.forEach(norm -> outputs.addAll(List.of(norm.batchMean(), norm.batchVariance())));
        pass.saved().stream().filter(name -> !given.contains(name)).forEach(outputs::add);
        int opset = top.opsets().getOrDefault("", 0);
        GraphProto run = BatchNormNodes.measured(top.graph(), norms, opset, tensor -> rank(shapes, tensor));
        GraphProto graph = run.toBuilder().addAllNode(pass.appended()).build();
        TopSession forwards = TopSession.open(top.model(TopShapes.withOutputs(graph, outputs)), compute);
        try {
            return new TopTraining(forwards, TopSession.open(pass.model(), compute), pass, norms);
        } catch (RuntimeException e) {
            forwards.close();
            throw e;
        }
    }

    private static int rank(Map<String, long[]> shapes, String tensor) {
        return Objects.requireNonNull(shapes.get(tensor), tensor).length;
    }

    @Override
    public void close() {
        forward.close();
        backward.close();
    }
}
