package io.headwater.adapt;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.adapt.state.FromArtifact;
import io.headwater.adapt.state.SectionReader;
import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The classes of a lane, as a checkpoint has them.
 *
 * @param classes the classes, in the order of their outputs
 * @param closedForm whether the lane learns in closed form
 */
public record LaneClasses(List<LaneClass> classes, boolean closedForm) {
    public LaneClasses {
        classes = List.copyOf(classes);
    }

    /**
     * A class.
     *
     * @param name its name
     * @param samples number of its samples that the lane learns from
     * @param into the class that it was merged into; empty when it was not
     * @param removed whether it was removed
     */
    public record LaneClass(String name, long samples, String into, boolean removed) {}

    /** No classes, none of which was merged or removed. */
    public static LaneClasses none() {
        return new LaneClasses(List.of(), true);
    }

    /** Returns the label that {@code label} means by now; rejected when its class was removed. */
    public Outcome<Label> meant(Label label) {
        if (!(label instanceof ClassLabel named)) {
            return Outcome.ok(label);
        }
        String into = find(named.name()).map(LaneClass::into).orElse("");
        String meaning = into.isEmpty() ? named.name() : into;
        return find(meaning).filter(LaneClass::removed).isPresent()
                ? Outcome.rejected(Reason.BAD_LABEL, "class '%s' was removed from the lane".formatted(meaning))
                : Outcome.ok(new ClassLabel(meaning));
    }

    private Optional<LaneClass> find(String name) {
        return classes.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /**
     * Reads the classes of a checkpoint.
     *
     * @throws io.headwater.domain.ArtifactException when it is damaged
     */
    public static LaneClasses read(Checkpoints.Contents checkpoint) {
        return FromArtifact.restored("a checkpoint must hold the classes of a lane", () -> classes(checkpoint));
    }

    private static LaneClasses classes(Checkpoints.Contents checkpoint) {
        SectionReader memory = checkpoint.sections().section(LaneLearner.MEMORY);
        SortedMap<String, String> merged = LaneMemory.mergedIn(memory);
        SortedSet<String> removed = LaneMemory.removedIn(memory);
        int[] counts = memory.ints("counts");
        List<LaneClass> classes = new ArrayList<>();
        for (int i = 0; i < checkpoint.outputs().size(); i++) {
            String name = checkpoint.outputs().get(i);
            classes.add(new LaneClass(
                    name, i < counts.length ? counts[i] : 0, merged.getOrDefault(name, ""), removed.contains(name)));
        }
        return new LaneClasses(
                classes, checkpoint.sections().section(LaneLearner.CONTENDERS).hasSection(RaceContender.NAME));
    }
}
