package io.headwater.adapt;

import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Another version of the lane, which is compared with the champion on samples that neither of them has learned from: the
 * version before the champion, or one that wants to take its place. Not thread-safe.
 */
final class Rival implements AutoCloseable {
    private static final String LABELS = "labels";

    private final VersionRef version;
    private final HeadArtifact artifact;
    private final PublishedHead head;
    private SequentialTest better;

    private Rival(VersionRef version, HeadArtifact artifact, PublishedHead head, SequentialTest better) {
        this.version = version;
        this.artifact = artifact;
        this.head = head;
        this.better = better;
    }

    /**
     * Begins to compare {@code version} with the champion.
     *
     * @param smallestEffect by how much it must be better, from 0 to below 1
     */
    static Rival of(VersionRef version, HeadArtifact artifact, Heads heads, double smallestEffect) {
        return new Rival(version, artifact, PublishedHead.open(artifact, heads), new SequentialTest(smallestEffect));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param names names of the outputs of the lane, of which the version knows the first ones if it was written without its
     *     own names
     * @param smallestEffect by how much the version must be better, from 0 to below 1
     */
    static Rival read(SectionReader section, Heads heads, Digest baseModel, List<String> names, double smallestEffect) {
        Map<String, Tensor.F32> parameters = section.tensors("head");
        VersionRef version = new VersionRef(
                Lane.parse(section.value("lane", text -> text)),
                section.value("number", Long::valueOf),
                section.value("artifact", Digest::parse),
                section.value("checkpoint", Digest::parse));
        int outputs = HeadState.outputs(parameters);
        List<String> labels = section.hasSection(LABELS)
                ? labels(section.section(LABELS), outputs)
                : names.subList(0, Math.min(outputs, names.size()));
        HeadArtifact artifact = new HeadArtifact(baseModel, heads.form(), labels, parameters);
        return new Rival(
                version,
                artifact,
                PublishedHead.open(artifact, heads),
                SequentialTest.read(smallestEffect, section.section("better")));
    }

    private static List<String> labels(SectionReader section, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> section.value(Integer.toString(i), label -> label))
                .toList();
    }

    void write(SectionWriter section) {
        // A lane that has begun anew may know other labels than a version from before, or the same in another order.
        SectionWriter labels = section.section(LABELS);
        for (int i = 0; i < artifact.labels().size(); i++) {
            labels.value(Integer.toString(i), artifact.labels().get(i));
        }
        section.value("lane", version.lane().key());
        section.value("number", version.number());
        section.value("artifact", version.artifact());
        section.value("checkpoint", version.checkpoint());
        section.tensors("head", artifact.parameters());
        better.write(section.section("better"));
    }

    /** Compares the champion's predictions for samples with those of this version. */
    void compare(Goal goal, float[][] features, List<Target> expected, List<Answer> byChampion) {
        List<Answer> own = head.predictions(goal, features);
        for (int i = 0; i < own.size(); i++) {
            better.add(own.get(i).score(expected.get(i)), byChampion.get(i).score(expected.get(i)));
        }
    }

    /** Begins the comparison anew, because the stream has changed and earlier samples say little about later ones. */
    void restart() {
        better = new SequentialTest(better.smallestEffect());
    }

    VersionRef version() {
        return version;
    }

    /** Returns the head of the version. */
    HeadArtifact artifact() {
        return artifact;
    }

    /** Returns the test of whether this version is better than the champion. */
    SequentialTest better() {
        return better;
    }

    @Override
    public void close() {
        head.close();
    }
}
