package io.headwater.engine.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the cuts at which a model can be divided. The nodes on the path of the sample are visited in order; the
 * frontier after a node consists of the tensors that nodes up to it pass to later nodes. A tensor that separates the
 * model by itself, or outputs of one node that do so together, are the frontier after their node in any order, so all
 * of these cuts are found; other sets of tensors are found only if they are a frontier in the order of the file.
 * Tensors whose first axis is not the batch are not cuts.
 */
public final class Cuts {
    /** The maximum number of tensors of one cut. */
    public static final int MAX_TENSORS = 3;

    // The maximum total size of the lists of all cuts; without it, a small file could use a lot of memory.
    private static final int MAX_LISTED = 1 << 20;

    private final OnnxGraph graph;
    private final SamplePath sample;
    private final List<Integer> way;
    private final Set<String> floats;

    // The part above the cut, which grows as the cut moves down.
    private final BitSet above = new BitSet();
    private final Set<String> parameters = new HashSet<>();
    private final Set<String> inputs = new TreeSet<>();
    private final Set<String> shapes = new LinkedHashSet<>();
    private long elements;
    private long listed;

    private Cuts(OnnxGraph graph, SamplePath sample) {
        this.graph = graph;
        this.sample = sample;
        way = sample.way();
        floats = FloatingPointTensors.of(graph);
    }

    /**
     * All cuts, from the inputs to the outputs; the outputs themselves are the last cut if they are floating-point
     * tensors and at most {@link #MAX_TENSORS}.
     *
     * @param sampleInputs the inputs that carry the sample, such as {@code input_ids}; all other inputs (masks,
     *     positions, token types, past states) may also be read by the part above a cut
     * @param outputs the tensors to keep; nodes that none of them needs are ignored
     * @throws OnnxException if the graph has no such inputs or outputs, or an output does not depend on the sample
     */
    public static List<Cut> of(OnnxGraph graph, Collection<String> sampleInputs, Collection<String> outputs) {
        return new Cuts(graph, new SamplePath(graph, sampleInputs, outputs)).find();
    }

    private List<Cut> find() {
        List<List<String>> frontiers = frontiers();
        List<Cut> cuts = new ArrayList<>();
        for (int i = way.size() - 1; i >= 0; i--) {
            List<String> frontier = frontiers.get(i);
            if (!frontier.isEmpty()) {
                cuts.add(cut(frontier));
            }
            raise(way.get(i));
        }
        Collections.reverse(cuts);
        return cuts.stream().map(this::withShare).toList();
    }

    /** The frontier after each node on the path; empty if it is not a cut. */
    private List<List<String>> frontiers() {
        Map<String, Integer> last = lastReads();
        List<List<String>> frontiers = new ArrayList<>();
        BatchAxis batch = BatchAxis.of(graph, sample);
        Set<String> live = new LinkedHashSet<>();
        last.keySet().stream().filter(name -> graph.producerAt(name) < 0).forEach(live::add);
        for (int i = 0; i < way.size(); i++) {
            for (String read : graph.readsAt(way.get(i))) {
                if (last.getOrDefault(read, -1) == i) {
                    live.remove(read);
                }
            }
            for (String output : graph.nodes().get(way.get(i)).getOutputList()) {
                if (last.containsKey(output)) {
                    live.add(output);
                }
            }
            boolean cut = live.size() <= MAX_TENSORS
                    && floats.containsAll(live)
                    && areComputed(live)
                    && live.stream().allMatch(batch::isFirst);
            frontiers.add(cut ? List.copyOf(live) : List.of());
        }
        return frontiers;
    }

    private boolean areComputed(Set<String> tensors) {
        return tensors.stream().allMatch(tensor -> graph.producerAt(tensor) >= 0);
    }

    /** The position on the path at which each tensor with the sample is last read; outputs are kept to the end. */
    private Map<String, Integer> lastReads() {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < way.size(); i++) {
            for (String read : graph.readsAt(way.get(i))) {
                if (sample.carries(read)) {
                    last.put(read, i);
                }
            }
        }
        for (int node : way) {
            for (String output : graph.nodes().get(node).getOutputList()) {
                if (sample.isOutput(output)) {
                    last.put(output, Integer.MAX_VALUE);
                }
            }
        }
        return last;
    }

    private Cut cut(List<String> frontier) {
        List<String> below = shapes.stream()
                .filter(tensor -> !frontier.contains(tensor))
                .sorted()
                .toList();
        listed += below.size() + inputs.size();
        if (listed > MAX_LISTED) {
            throw new OnnxException("the parts above all cuts together may read " + MAX_LISTED
                    + " inputs and shapes, but read more; export the model with fewer of them");
        }
        boolean oneNode = frontier.stream().map(graph::producerAt).distinct().count() == 1;
        return new Cut(frontier, oneNode, elements, 0, List.copyOf(inputs), below);
    }

    private Cut withShare(Cut cut) {
        double share = elements == 0 ? 0 : (double) cut.parametersAbove() / elements;
        return new Cut(
                cut.tensors(), cut.oneNode(), cut.parametersAbove(), share, cut.inputsAbove(), cut.shapesAbove());
    }

    /** Moves a node of the path above the cut, together with all nodes off the path that it needs. */
    private void raise(int node) {
        Deque<Integer> open = new ArrayDeque<>(List.of(node));
        while (!open.isEmpty()) {
            int next = open.pop();
            if (above.get(next)) {
                continue;
            }
            above.set(next);
            graph.nodes().get(next).getOutputList().forEach(shapes::remove);
            for (String parameter : Parameters.readAt(graph, next)) {
                if (parameters.add(parameter)) {
                    elements += Parameters.elements(graph, parameter);
                }
            }
            elements += Parameters.elementsWithin(graph.nodes().get(next));
            boolean shapeOnly = SamplePath.readsShapeOnly(graph.nodes().get(next));
            for (String read : graph.readsAt(next)) {
                int from = graph.producerAt(read);
                if (sample.carries(read)) {
                    if (shapeOnly && (from < 0 || !above.get(from))) {
                        shapes.add(read);
                    }
                } else if (from >= 0) {
                    open.push(from);
                } else if (graph.initializer(read) == null) {
                    inputs.add(read);
                }
            }
        }
    }
}
