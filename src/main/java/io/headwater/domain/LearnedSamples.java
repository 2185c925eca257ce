package io.headwater.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The samples that a version contains, by their offsets on the partition of its lane: those between the offsets of its
 * lineage and of the lineages of its ancestors in the lane, without those that were passed over, forgotten or corrected.
 */
public final class LearnedSamples {
    /** That of the version first, and then those of its ancestors. */
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

    /**
     * Returns those of them that belong to the newest of its versions, back to the last one that is not {@code wanted}.
     *
     * @param wanted whether a version with this lineage counts
     */
    public LearnedSamples newestWhile(Predicate<Lineage> wanted) {
        return new LearnedSamples(lineages.stream().takeWhile(wanted).toList());
    }

    /**
     * Returns whether the lane refused the sample at {@code offset}, because its class had been removed.
     *
     * @param label the class that the sample names
     */
    public boolean refuses(long offset, String label) {
        String current = label;
        long from = Long.MAX_VALUE;
        for (int i = lineages.size() - 1; i >= 0; i--) {
            @Nullable LabelEdit edit = lineages.get(i).relabelled();
            if (edit == null) {
                continue;
            }
            long at = lineages.get(i).fromOffset();
            switch (edit.action()) {
                case MERGE_LABEL -> current = edit.label().equals(current) ? edit.into() : current;
                case REMOVE_LABEL -> from = edit.label().equals(current) ? Math.min(from, at) : from;
                case RESTORE_LABEL -> {
                    if (edit.label().equals(current) || edit.label().equals(label)) {
                        if (offset >= from && offset < at) {
                            return true;
                        }
                        from = Long.MAX_VALUE;
                        current = edit.label().equals(label) ? label : current;
                    }
                }
                default -> {}
            }
        }
        return offset >= from;
    }

    /** Returns whether a valid sample of the lane at {@code offset} is one of them. */
    public boolean contains(long offset) {
        return lineages.stream().noneMatch(one -> one.forgets(offset))
                && lineages.stream().anyMatch(one -> one.covers(offset) && !one.skips(offset));
    }
}
