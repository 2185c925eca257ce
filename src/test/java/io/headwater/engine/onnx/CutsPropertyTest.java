package io.headwater.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.engine.TestModels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;

/** Compares the cuts of random graphs with walks over all paths. */
class CutsPropertyTest {
    private static final String INPUT = "x";

    @Property(tries = 500)
    void shouldFindEveryTensorThatSeparatesAndNoSetThatDoesNot(
            @ForAll @IntRange(min = 1, max = 25) int size,
            @ForAll @IntRange(min = 1, max = 6) int reach,
            @ForAll long seed) {
        OnnxGraph graph = random(size, reach, new Random(seed));

        List<Cut> cuts = Cuts.of(graph, List.of(INPUT), graph.outputs());

        assertThat(cuts).allSatisfy(cut -> {
            assertThat(reaches(graph, cut.tensors())).isFalse();
            Set<String> above = above(graph, cut.tensors());
            assertThat(above).containsAll(cut.tensors()).doesNotContain(INPUT);
            assertThat(above.contains("mask")).isEqualTo(cut.inputsAbove().contains("mask"));
            assertThat(cut.parametersAbove()).isEqualTo(parameters(graph, above));
        });
        List<List<String>> single = cuts.stream()
                .map(Cut::tensors)
                .filter(tensors -> tensors.size() == 1)
                .toList();
        assertThat(single)
                .containsExactlyElementsOf(graph.nodes().stream()
                        .flatMap(node -> node.getOutputList().stream())
                        .map(List::of)
                        .filter(tensor -> !reaches(graph, tensor))
                        .toList());
    }

    /**
     * Returns a random graph; its nodes have one or two outputs and read recent nodes, weights, the mask, or only a
     * shape.
     */
    private static OnnxGraph random(int size, int reach, Random rnd) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(TestModels.value(INPUT, TestModels.FLOAT, 2))
                .addInput(TestModels.value("mask", TestModels.FLOAT, 2));
        List<String> known = new ArrayList<>(List.of(INPUT));
        for (int i = 0; i < size; i++) {
            NodeProto.Builder node = NodeProto.newBuilder().setOpType("Sum");
            for (int reads = 1 + rnd.nextInt(2); reads > 0; reads--) {
                node.addInput(known.get(Math.max(0, known.size() - 1 - rnd.nextInt(reach))));
            }
            if (rnd.nextInt(4) == 0) {
                String shape = "s" + i;
                graph.addNode(TestModels.node("Shape", shape, known.get(rnd.nextInt(known.size()))));
                node.addInput(shape);
            }
            if (rnd.nextInt(3) == 0) {
                node.addInput("w" + i);
                graph.addInitializer(TestModels.weight("w" + i, TestModels.FLOAT, new float[2 + i], 2 + i));
            }
            if (rnd.nextInt(5) == 0) {
                node.addInput("mask");
            }
            for (int j = 0; j <= rnd.nextInt(2); j++) {
                node.addOutput("t" + i + "_" + j);
                known.add("t" + i + "_" + j);
            }
            graph.addNode(node);
        }
        graph.addOutput(TestModels.value(known.get(known.size() - 1), TestModels.FLOAT, 2));
        return OnnxGraph.of(graph.build());
    }

    /**
     * Returns whether a path other than through shapes leads from the sample to the output without the removed
     * tensors.
     */
    private static boolean reaches(OnnxGraph graph, Collection<String> removed) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(INPUT));
        while (!open.isEmpty()) {
            String tensor = open.pop();
            if (removed.contains(tensor) || !seen.add(tensor)) {
                continue;
            }
            for (NodeProto node : graph.consumers(tensor)) {
                if (!node.getOpType().equals("Shape")) {
                    open.addAll(node.getOutputList());
                }
            }
        }
        return seen.containsAll(graph.outputs());
    }

    /** Returns the tensors that the part above a cut computes or reads, found by walking down from the output. */
    private static Set<String> above(OnnxGraph graph, Collection<String> cut) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(graph.outputs());
        while (!open.isEmpty()) {
            String tensor = open.pop();
            NodeProto node = graph.producer(tensor);
            if (seen.add(tensor)
                    && !cut.contains(tensor)
                    && node != null
                    && !node.getOpType().equals("Shape")) {
                open.addAll(OnnxGraph.reads(node));
            }
        }
        return seen;
    }

    private static long parameters(OnnxGraph graph, Set<String> tensors) {
        return graph.initializers().stream()
                .filter(weight -> tensors.contains(weight.getName()))
                .mapToLong(OnnxGraph::elements)
                .sum();
    }
}
