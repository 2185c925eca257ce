package io.headwater.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The samples that a version contains, by their offsets on the partition of its lane: those between the offsets of its
 * lineage and of the lineages of its ancestors in the lane, without those that were passed over or forgotten.
 */
public final class LearnedSamples {
    private final List<Lineage> lineages;

    private LearnedSamples(List<Lineage> lineages) {
        this.lineages = List.copyOf(lineages);
    }

    /**
     * Returns the samples of {@code version}; none when it is null.
     *
     * @param versions versions of its lane, including all of its ancestors
     * @param topic id of the topic to which the offsets belong; samples of others have none
     */
    public static LearnedSamples of(@Nullable VersionRef version, List<ModelVersion> versions, String topic) {
        List<ModelVersion> there = versions.stream()
                .filter(one -> one.lineage().samplesTopic().isEmpty()
                        || one.lineage().samplesTopic().equals(topic))
                .toList();
        return of(version, there);
    }

    /**
     * Returns the samples of {@code version} where the topic was always the same; none when it is null.
     *
     * @param versions versions of its lane, including all of its ancestors
     */
    public static LearnedSamples of(@Nullable VersionRef version, List<ModelVersion> versions) {
        Map<VersionRef, Lineage> byVersion = new HashMap<>();
        versions.forEach(one -> byVersion.put(one.ref(), one.lineage()));
        List<Lineage> lineages = new ArrayList<>();
        @Nullable Lineage next = version == null ? null : byVersion.get(version);
        while (next != null) {
            lineages.add(next);
            next = next.parent() == null ? null : byVersion.get(next.parent());
        }
        return new LearnedSamples(lineages);
    }

    /** Returns whether a valid sample of the lane at {@code offset} is one of them. */
    public boolean contains(long offset) {
        return lineages.stream().noneMatch(one -> one.forgets(offset))
                && lineages.stream().anyMatch(one -> one.covers(offset) && !one.skips(offset));
    }
}
