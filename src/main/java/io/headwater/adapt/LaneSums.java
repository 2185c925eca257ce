package io.headwater.adapt;

import io.headwater.adapt.race.AllSamples;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.adapt.state.FromArtifact;
import io.headwater.adapt.state.SectionReader;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.Heads;
import io.headwater.engine.weights.Safetensors;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import java.util.List;
import java.util.Map;

/**
 * What a lane in closed form knows of its samples, exactly: another lane on the same features can add it to what it knows
 * itself.
 *
 * @param outputs names of the outputs, in the order of the logits
 * @param samples sums of the samples
 */
public record LaneSums(List<String> outputs, AllSamples samples) {
    public LaneSums {
        outputs = List.copyOf(outputs);
    }

    /**
     * Reads them from a checkpoint; refused when they are not sums of features of {@code baseModel}, as {@code heads} read
     * them.
     *
     * @throws io.headwater.domain.ArtifactException when the checkpoint is damaged
     */
    public static Outcome<LaneSums> read(Checkpoints.Contents contents, Digest baseModel, Goal goal, Heads heads) {
        SectionReader contenders = contents.sections().section(LaneLearner.CONTENDERS);
        if (!contents.baseModel().equals(baseModel)) {
            return refused(
                    "it was learned on features of base model or cut %s, and the lane on those of %s; only lanes on the same features can be merged"
                            .formatted(contents.baseModel(), baseModel));
        }
        if (!contenders.hasSection(RaceContender.NAME)) {
            return refused(
                    "it was trained by gradient steps, which cannot be added; send its samples to the lane instead");
        }
        if (!contents.form().equals(heads.form())) {
            return refused("its head is '%s', and that of the lane '%s'; only lanes on the same features can be merged"
                    .formatted(contents.form(), heads.form()));
        }
        LinearTarget kind = goal.linearTarget().orElse(null);
        if (kind == null) {
            return refused("its task has sums of samples, and that of the lane has none");
        }
        AllSamples samples = FromArtifact.restored(
                "a checkpoint must hold the sums of a lane",
                () -> AllSamples.read(
                        contenders.section(RaceContender.NAME),
                        kind,
                        heads.inputs(),
                        contents.outputs().size()));
        return Outcome.ok(new LaneSums(contents.outputs(), samples));
    }

    private static Outcome<LaneSums> refused(String why) {
        return Outcome.rejected(Reason.REFUSED, why);
    }

    /** Returns a digest of the sums: the same for the same samples with the same order of outputs, however they were learned. */
    public Digest digest() {
        return Digest.of(Safetensors.write(samples.sums().state(), Map.of()));
    }
}
