package io.headwater.engine.inspect;

import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.Cuts;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Chooses the output whose features are drafted: the first one that depends on the sample, holds a row of
 * floating-point numbers for each sample and needs most of the model's weights. Chosen classes, and states that are
 * only carried on to the next call, are outputs for nothing else.
 *
 * @param sample the inputs that carry the sample
 */
record OutputChoice(OnnxGraph graph, List<String> sample) {
    private static final Pattern STATE = Pattern.compile(
            "(?i)present|past|cache|memory|(?<!hidden_)state(?!s?_?(embed|feature))|(^|[^a-z])[hc](n|x|_n|_?out|_?next)?\\d*$");

    /** How well an output suits, the best first. */
    private enum Fitness {
        NUMBERS,
        FEW_WEIGHTS,
        NO_NUMBERS,
        STATE
    }

    /** Whether an output, or an input, has the name of a state that is carried from call to call. */
    static boolean isState(String name) {
        return STATE.matcher(name).find();
    }

    /**
     * Returns the name of the output.
     *
     * @throws OnnxException when no output can be divided from the sample; it tells the reason of the last one
     */
    String name() {
        OnnxException why = new OnnxException("the model must have an output, but has none; export it again");
        List<String> usable = new ArrayList<>();
        List<Boolean> numbers = new ArrayList<>();
        for (String name : graph.outputs()) {
            try {
                List<Cut> cuts = Cuts.of(graph, sample, List.of(name));
                usable.add(name);
                numbers.add(
                        !cuts.isEmpty() && cuts.get(cuts.size() - 1).tensors().equals(List.of(name)));
            } catch (OnnxException e) {
                why = e;
            }
        }
        if (usable.isEmpty()) {
            throw why;
        }
        long most = usable.stream().mapToLong(this::weights).max().orElse(0);
        String best = "";
        Fitness fitness = null;
        for (int i = 0; i < usable.size(); i++) {
            Fitness of = fitness(usable.get(i), numbers.get(i), most);
            if (fitness == null || of.compareTo(fitness) < 0) {
                best = usable.get(i);
                fitness = of;
            }
        }
        return best;
    }

    private Fitness fitness(String output, boolean numbers, long most) {
        if (isState(output)) {
            return Fitness.STATE;
        }
        if (!numbers) {
            return Fitness.NO_NUMBERS;
        }
        return 2 * weights(output) >= most ? Fitness.NUMBERS : Fitness.FEW_WEIGHTS;
    }

    /** Returns the number of elements of all constants of at least two axes that an output needs. */
    private long weights(String output) {
        return graph.needs(output, Set.of()).stream()
                .map(graph::constant)
                .filter(constant -> constant != null && constant.getDimsCount() > 1)
                .mapToLong(OnnxGraph::elements)
                .sum();
    }
}
