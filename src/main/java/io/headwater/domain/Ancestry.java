package io.headwater.domain;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which versions contain the samples of which others: those of their parents, in the same lane or in the lane that theirs
 * started from, and those of versions that were merged into them.
 */
public final class Ancestry {
    private final Map<VersionRef, Lineage> lineages = new HashMap<>();

    /** Creates the ancestry of {@code versions}, which should contain those of all lanes. */
    public Ancestry(Collection<ModelVersion> versions) {
        versions.forEach(one -> lineages.put(one.ref(), one.lineage()));
    }

    /** Returns the lineage of a version; null when it is not known. */
    public @Nullable Lineage lineage(VersionRef version) {
        return lineages.get(version);
    }

    /** Returns a version and all versions whose samples it contains; none when it is null. */
    public Set<VersionRef> of(@Nullable VersionRef version) {
        Set<VersionRef> found = new HashSet<>();
        Deque<VersionRef> open = new ArrayDeque<>();
        if (version != null) {
            open.add(version);
        }
        while (!open.isEmpty()) {
            VersionRef next = open.remove();
            if (found.add(next)) {
                contents(next).forEach(open::add);
            }
        }
        return found;
    }

    /**
     * Returns those versions of a set whose samples are in no other version of the set.
     *
     * @param versions a set that contains the ancestors of each of its versions
     */
    public Set<VersionRef> newest(Set<VersionRef> versions) {
        Set<VersionRef> newest = new HashSet<>(versions);
        versions.forEach(one -> contents(one).forEach(newest::remove));
        return newest;
    }

    /** Returns whether any of {@code versions} has forgotten a sample that one of {@code others} was trained on. */
    public boolean forget(Set<VersionRef> versions, Set<VersionRef> others) {
        return versions.stream()
                .flatMap(version -> forgotten(version)
                        .mapToObj(offset -> others.stream()
                                .filter(other -> other.lane().equals(version.lane()))
                                .map(lineages::get)
                                .filter(lineage -> lineage != null && lineage.covers(offset)))
                        .flatMap(found -> found))
                .findAny()
                .isPresent();
    }

    /**
     * Returns a version that was trained on the same samples of its domain as one of {@code others}, as lanes of two
     * adaptations are.
     */
    public Optional<VersionRef> trainedOnSame(Set<VersionRef> versions, Set<VersionRef> others) {
        Map<String, NavigableMap<Long, Long>> ranges = new HashMap<>();
        trained(others)
                .forEach(version -> ranges.computeIfAbsent(version.lane().domain(), domain -> new TreeMap<>())
                        .put(known(version).fromOffset(), known(version).toOffset()));
        return trained(versions)
                .filter(version -> {
                    NavigableMap<Long, Long> same =
                            ranges.getOrDefault(version.lane().domain(), new TreeMap<>());
                    // The ranges of versions that contain no sample twice are disjoint.
                    Map.Entry<Long, Long> before =
                            same.lowerEntry(known(version).toOffset());
                    return before != null && before.getValue() > known(version).fromOffset();
                })
                .findFirst();
    }

    private Stream<VersionRef> trained(Set<VersionRef> versions) {
        return versions.stream()
                .filter(version ->
                        lineages.containsKey(version) && known(version).samples() > 0);
    }

    private Lineage known(VersionRef version) {
        return Objects.requireNonNull(lineages.get(version), "the lineage of a version");
    }

    private LongStream forgotten(VersionRef version) {
        Lineage lineage = lineages.get(version);
        return lineage == null ? LongStream.of() : lineage.forgottenOffsets();
    }

    private Stream<VersionRef> contents(VersionRef version) {
        Lineage lineage = lineages.get(version);
        if (lineage == null) {
            return Stream.of();
        }
        MergedVersion merged = lineage.merged();
        return Stream.concat(
                Stream.ofNullable(lineage.parent()), merged == null ? Stream.of() : Stream.of(merged.version()));
    }
}
