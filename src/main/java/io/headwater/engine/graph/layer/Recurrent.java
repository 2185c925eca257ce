package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;
import java.util.List;
import java.util.Map;

/**
 * A recurrent layer over a sequence, from a state of zeros: {@code W} [inputs, k × units], {@code RW}
 * [units, k × units] and {@code b} [k × units], where k is 1, or 4 for an LSTM: cell, forget, output and input gate in
 * this order.
 *
 * @param units the number of features that it computes at each step, positive
 * @param activation the activation function of the cell
 * @param gates the activation function of the gates of an LSTM; linear otherwise
 */
public record Recurrent(Kind kind, int units, Activation activation, Activation gates) implements Operation {
    /** The kind of cell. Deeplearning4j has no GRU. */
    @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
    public enum Kind {
        /** Without peepholes (Hochreiter and Schmidhuber 1997, with the forget gate of Gers and others 2000). */
        LSTM,
        /** A simple recurrent layer (Elman 1990). */
        SIMPLE
    }

    public Recurrent {
        Operation.positive("units", units);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        return new Shape.Sequence(
                units, Operation.one(inputs, Shape.Sequence.class).steps());
    }

    @Override
    public Map<String, int[]> weights(List<Shape> inputs) {
        int in = Operation.one(inputs, Shape.Sequence.class).width();
        int out = kind == Kind.LSTM ? Math.multiplyExact(4, units) : units;
        return Map.of("W", new int[] {in, out}, "RW", new int[] {units, out}, "b", new int[] {out});
    }
}
