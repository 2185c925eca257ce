package io.headwater.adapt.race;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.closed.Alignment;
import io.headwater.engine.closed.FeatureSums;
import io.headwater.engine.closed.Moments;
import io.headwater.task.LinearTarget;
import java.util.stream.Stream;

/**
 * What a lane knows with labels, where samples without a label are used besides: the samples of its source as they are, and its
 * own ones as they would be in the domain of the source. A lane without a source has only samples of its own, which are as they are.
 *
 * @param alignment the map of features of the domain to those of the source
 * @param learned sums of the samples of the source, and of its own ones with the weight that they have
 * @param own its own samples in memory, aligned; none in a lane without a source
 * @param known samples in memory, its own ones first, aligned; none if those of the source are not in memory
 */
record DomainSamples(Alignment alignment, Moments learned, SampleTargets own, SampleTargets known) {
    /** So many times a sample of the domain counts as often as one of the source. */
    private static final int WEIGHT = 4;

    /** Samples of the domain count once if there are more. */
    private static final int FEW = 1024;

    /**
     * Returns them.
     *
     * @param unlabelled sums of the samples without a label, at least one
     */
    static DomainSamples of(Field field, LaneMemory memory, FeatureSums unlabelled) {
        int outputs = memory.names().size();
        Moments all = field.allSamples().sums();
        SampleTargets own = rows(field, ownIn(memory));
        if (!hasSource(field, memory) || own.count() >= all.rows()) {
            return new DomainSamples(
                    Alignment.of(all.centred(outputs), unlabelled),
                    all,
                    rows(field, Stream.empty()),
                    hasSource(field, memory) ? own : rows(field, learnedIn(field, memory)));
        }
        Moments learned = all.copy();
        own.removeFrom(learned);
        FeatureSums domain = unlabelled.copy();
        for (float[] row : own.features()) {
            domain.add(row);
        }
        Alignment alignment = Alignment.of(learned.centred(outputs), domain);
        SampleTargets aligned = own.mapped(alignment);
        for (int i = 0; i < Math.max(1, Math.min(WEIGHT, FEW / Math.max(1, own.count()))); i++) {
            aligned.addTo(learned);
        }
        SampleTargets ofSource = rows(field, memory.remembered().stream().filter(one -> one.number() == 0));
        return new DomainSamples(alignment, learned, aligned, ofSource.count() == 0 ? ofSource : aligned.and(ofSource));
    }

    /** Returns the number of samples with labels of the domain of the lane that are known. */
    static long own(Field field, LaneMemory memory) {
        return hasSource(field, memory)
                ? ownIn(memory).count()
                : field.allSamples().sums().rows();
    }

    /** Returns the samples in memory that are among the sums: after a change, those before it are not. */
    private static Stream<StoredSample> learnedIn(Field field, LaneMemory memory) {
        return memory.remembered().stream().filter(one -> one.number() >= field.from());
    }

    private static Stream<StoredSample> ownIn(LaneMemory memory) {
        return memory.remembered().stream().filter(one -> one.number() > 0);
    }

    /** Returns whether samples of the source are among the sums; once a lane has begun anew, there are none. */
    private static boolean hasSource(Field field, LaneMemory memory) {
        return memory.isStarted() && field.from() == 0;
    }

    private static SampleTargets rows(Field field, Stream<StoredSample> samples) {
        return SampleTargets.of(LinearTarget.CLASSES, field.width(), samples.toList());
    }
}
