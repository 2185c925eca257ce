package io.headwater.board;

import io.headwater.domain.ClassAnswers.AnswerPair;
import io.headwater.domain.ClassAnswers.ConfidenceBin;
import java.util.List;

/**
 * What served a lane answered to its newest samples, each of which was predicted before it was learned; nothing where labels are no
 * classes.
 *
 * @param samples how many
 * @param pairs how often which class was answered where which was right, the most frequent first; rare ones are left out where there are
 *     many
 * @param bins the answers by their stated probability, in order; tenths without answers are absent
 * @param mistakes the newest mistakes, in order
 */
public record ClassReport(int samples, List<AnswerPair> pairs, List<ConfidenceBin> bins, List<MistakeRow> mistakes) {
    /** Without an answer. */
    public static final ClassReport NONE = new ClassReport(0, List.of(), List.of(), List.of());

    public ClassReport {
        pairs = List.copyOf(pairs);
        bins = List.copyOf(bins);
        mistakes = List.copyOf(mistakes);
    }

    /** Returns the number of samples that are in no pair. */
    public int others() {
        return samples - pairs.stream().mapToInt(AnswerPair::samples).sum();
    }

    /**
     * Returns the expected calibration error, 0 to 1: the mean, weighted by samples, of how far the accuracy in a tenth is from its mean
     * stated probability (Guo et al. 2017, "On Calibration of Modern Neural Networks"); 0 without samples.
     */
    public double calibrationError() {
        double sum = 0;
        for (ConfidenceBin bin : bins) {
            sum += Math.abs(bin.right() - bin.confidence());
        }
        return samples == 0 ? 0 : sum / samples;
    }
}
