package io.headwater.adapt.race;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.engine.closed.Alignment;
import io.headwater.engine.closed.FeatureSums;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * The features of the samples of a lane that have no label, and the weights that follow from them. These are
 * computed only when a version is published, so that they do not depend on how the samples between two versions were
 * divided into steps. Not thread-safe.
 */
final class UnlabelledSamples {
    /** So many of the newest samples are kept for {@link SelfTraining}. */
    static final int NEWEST = 1024;

    /** Weights are computed again when there are so many times the samples. */
    private static final double GROWTH = 1.25;

    private static final String USE = "use";
    private static final String SUMS = "sums";
    private static final String ROWS = "newest";
    private static final String SOLVED = "solved";

    private final UnlabelledUse use;
    private final FeatureSums sums;
    private final ArrayDeque<float[]> newest;
    private long solved;

    private UnlabelledSamples(UnlabelledUse use, FeatureSums sums, List<float[]> newest) {
        this.use = use;
        this.sums = sums;
        this.newest = new ArrayDeque<>(newest);
    }

    /**
     * Creates an instance without samples.
     *
     * @param width number of features of a sample
     */
    static UnlabelledSamples none(UnlabelledUse use, int width) {
        return new UnlabelledSamples(use, FeatureSums.of(width), List.of());
    }

    static UnlabelledSamples read(UnlabelledUse use, int width, SectionReader section) {
        UnlabelledSamples read = new UnlabelledSamples(
                use,
                FeatureSums.restore(width, section.anyTensors(SUMS)),
                use == UnlabelledUse.SELF_TRAIN && wasUsed(section) == use ? section.rows(ROWS) : List.of());
        read.solved = wasUsed(section) == use ? section.value(SOLVED, Long::valueOf) : 0;
        return read;
    }

    /** Returns what the samples were used for when {@link #write} wrote the section. */
    static UnlabelledUse wasUsed(SectionReader section) {
        return section.value(USE, UnlabelledUse::valueOf);
    }

    void write(SectionWriter section) {
        section.value(USE, use);
        section.tensors(SUMS, sums.state());
        section.value(SOLVED, solved);
        if (use == UnlabelledUse.SELF_TRAIN) {
            section.rows(ROWS, List.copyOf(newest));
        }
    }

    /** Returns the number of samples. */
    long count() {
        return sums.rows();
    }

    /** Adds a sample. */
    void add(float[] features) {
        sums.add(features);
        if (use == UnlabelledUse.SELF_TRAIN) {
            newest.add(features);
            if (newest.size() > NEWEST) {
                newest.removeFirst();
            }
        }
    }

    /** Removes a sample that was added. */
    void remove(float[] features) {
        sums.remove(features);
        solved = 0;
        newest.stream()
                .filter(row -> Arrays.equals(row, features))
                .findFirst()
                .ifPresent(row -> newest.removeIf(other -> other == row));
    }

    /** Computes the weights of the contenders that use these samples, unless there are hardly more samples than the last time. */
    void solve(Field field, int outputs) {
        Moments labelled = field.allSamples().sums();
        LinearWeights start = field.contenders().get(0).calibratedWeights();
        long rows = sums.rows() + labelled.rows();
        if (sums.rows() == 0 || start == null || (rows < GROWTH * solved && field.hasUnlabelledWeights(outputs))) {
            return;
        }
        LinearWeights grown = start.grown(outputs);
        Alignment alignment = Alignment.of(labelled.centred(outputs), sums);
        for (int i = 0; i < field.contenders().size(); i++) {
            if (field.usesUnlabelled(i)) {
                field.contenders()
                        .get(i)
                        .renew(
                                field.isSelfTrained(i)
                                        ? SelfTraining.solve(grown, labelled, alignment, List.copyOf(newest), outputs)
                                        : alignment.into(grown));
            }
        }
        solved = rows;
    }
}
