package io.headwater.task.goal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every way through some frames, one by one: what a CTC loss or decoder is held against. */
final class Alignments {
    private Alignments() {}

    /** The probability of every sequence of symbols that has one. */
    static Map<List<Integer>, Double> probabilities(double[] logits, int outputs) {
        int frames = logits.length / outputs;
        Map<List<Integer>, Double> probabilities = new HashMap<>();
        int[] way = new int[frames];
        int ways = (int) Math.round(Math.pow(outputs, frames));
        for (int i = 0; i < ways; i++) {
            double probability = 1;
            for (int t = 0, rest = i; t < frames; t++, rest /= outputs) {
                way[t] = rest % outputs;
                probability *= softmax(logits, t * outputs, outputs, way[t]);
            }
            probabilities.merge(symbols(way), probability, Double::sum);
        }
        return probabilities;
    }

    private static List<Integer> symbols(int[] way) {
        List<Integer> symbols = new ArrayList<>();
        int last = 0;
        for (int output : way) {
            if (output != last && output != 0) {
                symbols.add(output);
            }
            last = output;
        }
        return symbols;
    }

    private static double softmax(double[] logits, int from, int count, int of) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[from + i]);
        }
        return Math.exp(logits[from + of]) / sum;
    }
}
