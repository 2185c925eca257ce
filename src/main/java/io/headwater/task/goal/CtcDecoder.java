package io.headwater.task.goal;

import io.headwater.engine.Logits;
import io.headwater.engine.Softmax;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes the logits of frames into symbols; output 0 is the blank symbol. See {@link CtcObjective}. */
final class CtcDecoder {
    private CtcDecoder() {}

    /**
     * A decoded sequence.
     *
     * @param symbols in order, without blanks
     * @param logProbability of the alignments that were searched; at most that of all alignments of the symbols
     */
    record Decoding(List<Integer> symbols, double logProbability) {}

    /**
     * The most probable alignment, with repeats merged and blanks dropped (Graves et al. 2006, section 3.2, "best
     * path"). Of equal outputs, the first.
     *
     * @param logits row-major, a row a frame
     */
    static Decoding greedy(float[] logits, int outputs) {
        int frames = Targets.rows(logits.length, outputs);
        double[] wide = Logits.wide(logits);
        List<Integer> symbols = new ArrayList<>();
        double sum = 0;
        int last = CtcObjective.BLANK;
        for (int t = 0; t < frames; t++) {
            double[] logs = Softmax.ofRow(wide, t * outputs, outputs).logProbabilities();
            int best = 0;
            for (int i = 1; i < outputs; i++) {
                best = logs[i] > logs[best] ? i : best;
            }
            if (best != CtcObjective.BLANK && best != last) {
                symbols.add(best);
            }
            last = best;
            sum += logs[best];
        }
        return new Decoding(List.copyOf(symbols), sum);
    }

    /**
     * Beam search: the most probable symbols among the prefixes that are kept from frame to frame (Hannun et al. 2014,
     * "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs", algorithm 1, without
     * a language model). Of equals, the one found first.
     *
     * @param logits row-major, a row a frame
     * @param width prefixes kept, positive; 10 to 100 is common
     */
    static Decoding beam(float[] logits, int outputs, int width) {
        if (width < 1) {
            throw new IllegalArgumentException("a beam must be at least 1 wide, but is " + width + "; 10 is common");
        }
        int frames = Targets.rows(logits.length, outputs);
        double[] wide = Logits.wide(logits);
        Prefix empty = new Prefix(null, CtcObjective.BLANK);
        empty.blank = 0;
        List<Prefix> kept = List.of(empty);
        for (int t = 0; t < frames; t++) {
            double[] logs = Softmax.ofRow(wide, t * outputs, outputs).logProbabilities();
            kept = next(kept, logs, width);
        }
        return new Decoding(kept.get(0).symbols(), kept.get(0).sum());
    }

    private static List<Prefix> next(List<Prefix> kept, double[] logs, int width) {
        List<Prefix> reached = new ArrayList<>(kept);
        kept.forEach(prefix -> prefix.isReached = true);
        for (Prefix prefix : kept) {
            prefix.nextBlank = LogSum.of(prefix.nextBlank, prefix.sum() + logs[CtcObjective.BLANK]);
            if (prefix.parent != null) {
                prefix.nextSymbol = LogSum.of(prefix.nextSymbol, prefix.symbol + logs[prefix.last]);
            }
            for (int symbol = CtcObjective.BLANK + 1; symbol < logs.length; symbol++) {
                // Without a blank between, a repeated symbol is merged with the one before.
                double sum = symbol == prefix.last ? prefix.blank : prefix.sum();
                if (sum > Double.NEGATIVE_INFINITY) {
                    Prefix longer = prefix.children.get(symbol);
                    longer = longer == null ? new Prefix(prefix, symbol) : longer;
                    longer.nextSymbol = LogSum.of(longer.nextSymbol, sum + logs[symbol]);
                    if (!longer.isReached) {
                        longer.isReached = true;
                        reached.add(longer);
                    }
                }
            }
        }
        reached.forEach(Prefix::advance);
        // A stable sort: equals stay in the order in which they were found.
        reached.sort(Comparator.comparingDouble(Prefix::sum).reversed());
        List<Prefix> best = List.copyOf(reached.subList(0, Math.min(width, reached.size())));
        reached.subList(best.size(), reached.size()).forEach(Prefix::forget);
        best.forEach(Prefix::remember);
        return best;
    }

    /** The symbols up to a frame. There is one object for each prefix, also when it leaves the beam and comes back. */
    private static final class Prefix {
        private final @Nullable Prefix parent;
        private final int last;
        private final Map<Integer, Prefix> children = new HashMap<>();
        /** Log probability of the alignments that end in a blank, and in the last symbol; before and after a frame. */
        private double blank = Double.NEGATIVE_INFINITY;

        private double symbol = Double.NEGATIVE_INFINITY;
        private double nextBlank = Double.NEGATIVE_INFINITY;
        private double nextSymbol = Double.NEGATIVE_INFINITY;
        private boolean isReached;

        Prefix(@Nullable Prefix parent, int last) {
            this.parent = parent;
            this.last = last;
        }

        double sum() {
            return LogSum.of(blank, symbol);
        }

        void advance() {
            blank = nextBlank;
            symbol = nextSymbol;
            nextBlank = Double.NEGATIVE_INFINITY;
            nextSymbol = Double.NEGATIVE_INFINITY;
            isReached = false;
        }

        void forget() {
            blank = Double.NEGATIVE_INFINITY;
            symbol = Double.NEGATIVE_INFINITY;
        }

        void remember() {
            if (parent != null) {
                parent.children.put(last, this);
            }
        }

        List<Integer> symbols() {
            List<Integer> symbols = new ArrayList<>();
            for (Prefix at = this; at.parent != null; at = at.parent) {
                symbols.add(at.last);
            }
            Collections.reverse(symbols);
            return List.copyOf(symbols);
        }
    }
}
