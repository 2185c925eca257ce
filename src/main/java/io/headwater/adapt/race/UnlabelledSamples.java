package io.headwater.adapt.race;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.race.SelfTraining.Learning;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.engine.closed.FeatureSums;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.MeanShift;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * The features of the samples of a lane that have no label, and the weights that follow from them. These are
 * computed only when a version is published, so that they do not depend on how the samples between two versions were
 * divided into steps. Not thread-safe.
 */
final class UnlabelledSamples {
    /** So many of the newest samples are kept, for which labels are predicted. */
    static final int NEWEST = 1024;

    /** Weights are computed again when there are so many times the samples. */
    private static final double GROWTH = 1.25;

    /** So many samples without a label say as much as one with a label. */
    private static final long LABELLED = 16;

    /** In a mean, so many of them count as much as one with a label. What is predicted for all of them errs in the same way. */
    private static final double MIXED = 64;

    private static final String USE = "use";
    private static final String SUMS = "sums";
    private static final String ROWS = "newest";
    private static final String SOLVED = "solved";
    private static final String SHIFTED = "shifted";

    private final UnlabelledUse use;
    private final FeatureSums sums;
    private final ArrayDeque<float[]> newest;
    private long solved;
    private boolean shifted;

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
                use.predictsLabels() && wasUsed(section).predictsLabels() ? section.rows(ROWS) : List.of());
        read.solved = wasUsed(section) == use ? section.value(SOLVED, Long::valueOf) : 0;
        read.shifted = section.value(SHIFTED, Boolean::valueOf);
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
        section.value(SHIFTED, shifted);
        if (use.predictsLabels()) {
            section.rows(ROWS, List.copyOf(newest));
        }
    }

    /** Returns the number of samples. */
    long count() {
        return sums.rows();
    }

    /** Returns whether the samples differed visibly from those with labels when weights were computed the last time. */
    boolean isShifted() {
        return shifted;
    }

    /** Adds a sample. */
    void add(float[] features) {
        sums.add(features);
        if (use.predictsLabels()) {
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

    /**
     * Returns how much weights that follow from these samples count beside those to which labels alone lead, from 0 to 1: less the more
     * labels of the domain there are, because what was predicted for these samples may be wrong.
     *
     * @param labelled number of samples of the domain with labels
     */
    double share(long labelled) {
        double most = Math.min(NEWEST, sums.rows());
        return most == 0 ? 0 : most / (most + MIXED * labelled);
    }

    /** Computes the weights of the contenders that use these samples, unless there are hardly more samples than the last time. */
    void solve(Field field, LaneMemory memory) {
        int outputs = memory.names().size();
        LinearWeights start = field.contenders().get(0).calibratedWeights();
        if (sums.rows() == 0 || start == null) {
            return;
        }
        long rows = sums.rows() + LABELLED * DomainSamples.own(field, memory);
        if (rows < GROWTH * solved && field.hasUnlabelledWeights(outputs)) {
            return;
        }
        DomainSamples samples = DomainSamples.of(field, memory, sums);
        List<float[]> mapped = newest.stream().map(samples.alignment()::map).toList();
        Learning first = (all, known) -> field.contenders().get(0).solved(all, known, outputs);
        LinearWeights base =
                samples.own().count() == 0 ? start.grown(outputs) : first.learned(samples.learned(), samples.known());
        for (int i = 0; i < field.contenders().size(); i++) {
            if (field.usesUnlabelled(i)) {
                LinearWeights aligned = switch (field.rule(i)) {
                    case SELF_TRAINED -> SelfTraining.solve(base, samples, mapped, outputs, first);
                    case PROPAGATED -> propagated(samples, base, mapped, outputs, first);
                    default -> base;
                };
                field.contenders().get(i).renew(samples.alignment().into(aligned));
            }
        }
        solved = rows;
        shifted = MeanShift.isVisible(field.allSamples().sums().centred(outputs), sums);
    }

    private static LinearWeights propagated(
            DomainSamples samples, LinearWeights base, List<float[]> mapped, int outputs, Learning last) {
        return mapped.isEmpty() || samples.known().count() == 0
                ? SelfTraining.solve(base, samples, mapped, outputs, last)
                : SelfTraining.propagate(samples, mapped, outputs, last);
    }
}
