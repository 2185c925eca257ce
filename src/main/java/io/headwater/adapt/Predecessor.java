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

/**
 * A version that served before the champion, to which the lane returns when it turns out to be better on later samples.
 * Not thread-safe.
 */
final class Predecessor implements AutoCloseable {
    private final VersionRef version;
    private final HeadArtifact artifact;
    private final PublishedHead head;
    private final SequentialTest better;

    private Predecessor(VersionRef version, HeadArtifact artifact, PublishedHead head, SequentialTest better) {
        this.version = version;
        this.artifact = artifact;
        this.head = head;
        this.better = better;
    }

    /** Begins to compare the champion with {@code version}. */
    static Predecessor of(VersionRef version, HeadArtifact artifact, Heads heads) {
        return new Predecessor(version, artifact, PublishedHead.open(artifact, heads), new SequentialTest(0));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param names names of the outputs of the lane, of which the version knows the first ones
     */
    static Predecessor read(SectionReader section, Heads heads, Digest baseModel, List<String> names) {
        Map<String, Tensor.F32> parameters = section.tensors("head");
        VersionRef version = new VersionRef(
                Lane.parse(section.value("lane", text -> text)),
                section.value("number", Long::valueOf),
                section.value("artifact", Digest::parse),
                section.value("checkpoint", Digest::parse));
        HeadArtifact artifact =
                new HeadArtifact(baseModel, heads.form(), names.subList(0, HeadState.outputs(parameters)), parameters);
        return new Predecessor(
                version,
                artifact,
                PublishedHead.open(artifact, heads),
                SequentialTest.read(0, section.section("better")));
    }

    void write(SectionWriter section) {
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
