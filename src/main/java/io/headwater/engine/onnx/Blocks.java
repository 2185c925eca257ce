package io.headwater.engine.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Groups the parts between cuts into layers and blocks, so that the top N of them can be unfrozen. Parts between
 * neighbouring cuts form one block if their names place them together; without names, each part with parameters is a
 * block.
 */
public final class Blocks {
    private final OnnxGraph graph;
    private final SamplePath sample;
    private final List<Part> parts = new ArrayList<>();

    private Blocks(OnnxGraph graph, SamplePath sample) {
        this.graph = graph;
        this.sample = sample;
    }

    /**
     * The blocks below {@code feature}, from the top down: the cut below the top N blocks is {@code below()} of entry N
     * - 1. Only cuts whose tensors are computed by one node divide blocks. A part that reads only parameters which
     * other parts read too belongs to the block below it.
     *
     * @param sampleInputs the inputs that carry the sample, as in {@link Cuts#of}
     * @param feature the tensors of the feature cut, or the outputs; nodes above them are ignored
     * @throws OnnxException if the graph has no such tensors, or they do not depend on the sample
     */
    public static List<Block> below(OnnxGraph graph, Collection<String> sampleInputs, Collection<String> feature) {
        List<Cut> cuts = Cuts.of(graph, sampleInputs, feature);
        Blocks blocks = new Blocks(graph, new SamplePath(graph, sampleInputs, feature));
        blocks.divide(cuts);
        return blocks.group();
    }

    private void divide(List<Cut> cuts) {
        Map<Integer, Cut> behind = new HashMap<>();
        for (Cut cut : cuts) {
            if (cut.oneNode()) {
                behind.put(graph.producerAt(cut.tensors().get(0)), cut);
            }
        }
        Part part = new Part(Optional.empty());
        for (int node : sample.way()) {
            addParameters(part, node);
            Cut cut = behind.get(node);
            if (cut != null) {
                parts.add(part);
                part = new Part(Optional.of(cut));
            }
        }
        parts.add(part);
        Collections.reverse(parts);
    }

    /** Adds the parameters that a node on the sample path reads, directly or through nodes that are not on the path. */
    private void addParameters(Part part, int node) {
        Deque<Integer> open = new ArrayDeque<>(List.of(node));
        while (!open.isEmpty()) {
            int next = open.pop();
            if (!part.seen.add(next)) {
                continue;
            }
            for (String parameter : Parameters.readAt(graph, next)) {
                part.readers.computeIfAbsent(parameter, name -> next);
            }
            for (String read : sample.needs(next)) {
                int from = graph.producerAt(read);
                if (from >= 0 && !sample.carries(read)) {
                    open.push(from);
                }
            }
        }
    }

    private List<Block> group() {
        Map<String, Integer> uses = new HashMap<>();
        for (Part part : parts) {
            part.readers.keySet().forEach(parameter -> uses.merge(parameter, 1, Integer::sum));
        }
        for (Part part : parts) {
            part.readers.forEach((parameter, node) -> {
                if (uses.getOrDefault(parameter, 0) == 1) {
                    part.places.add(
                            BlockNames.place(graph.nodes().get(node), parameter).orElse(parameter));
                }
            });
        }
        String prefix = BlockNames.prefix(
                parts.stream().flatMap(part -> part.places.stream()).toList());
        List<Group> groups = groups(place -> BlockNames.block(place, prefix));
        // Names that put everything into one block, with no cut below it, tell layers apart only as a whole.
        boolean undivided = groups.size() == 1 && groups.get(0).lowest().below.isEmpty();
        return (undivided ? groups(place -> place) : groups)
                .stream().map(this::block).toList();
    }

    /** Groups neighbouring parts with parameters of their own that {@code block} gives the same name. */
    private List<Group> groups(UnaryOperator<String> block) {
        List<Group> groups = new ArrayList<>();
        List<Part> shared = new ArrayList<>();
        for (Part part : parts) {
            Set<String> names = new LinkedHashSet<>();
            part.places.forEach(place -> names.add(block.apply(place)));
            if (names.isEmpty()) {
                shared.add(part);
                continue;
            }
            Group group = groups.isEmpty() ? null : groups.get(groups.size() - 1);
            if (group == null || Collections.disjoint(group.names, names)) {
                group = new Group();
                groups.add(group);
            }
            group.names.addAll(names);
            group.parts.addAll(shared);
            group.parts.add(part);
            shared.clear();
        }
        return groups;
    }

    private Block block(Group group) {
        Set<String> weights = new LinkedHashSet<>();
        group.parts.forEach(part -> weights.addAll(part.readers.keySet()));
        long parameters = weights.stream()
                .mapToLong(weight -> Parameters.elements(graph, weight))
                .sum();
        return new Block(BlockNames.together(group.names), parameters, List.copyOf(weights), group.lowest().below);
    }

    /** The nodes between two neighbouring cuts. */
    private static final class Part {
        private final Optional<Cut> below;
        private final Set<Integer> seen = new HashSet<>();
        private final Map<String, Integer> readers = new LinkedHashMap<>();
        private final Set<String> places = new LinkedHashSet<>();

        Part(Optional<Cut> below) {
            this.below = below;
        }
    }

    /** Parts that become one block. */
    private static final class Group {
        private final Set<String> names = new LinkedHashSet<>();
        private final List<Part> parts = new ArrayList<>();

        Part lowest() {
            return parts.get(parts.size() - 1);
        }
    }
}
