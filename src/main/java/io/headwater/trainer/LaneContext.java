package io.headwater.trainer;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.task.Goal;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/**
 * Objects that all lanes of an adaptation share.
 *
 * @param config the adaptation
 * @param goal the goal of its heads
 * @param configuration digest of its canonical form, which is an artifact
 * @param baseModel digest of the base model
 * @param heads creates the heads of its lanes
 * @param store the artifact store
 * @param clock clock for the time of events and of steps and checkpoints that are cut short
 * @param environment properties of the environment that can affect the bytes of a version
 */
public record LaneContext(
        AdaptationConfig config,
        Goal goal,
        Digest configuration,
        Digest baseModel,
        Heads heads,
        ArtifactStore store,
        InstantSource clock,
        Map<String, String> environment) {

    /** Returns whether lanes use samples without a label. */
    boolean usesUnlabelled() {
        return config.training().unlabelled() != UnlabelledUse.IGNORE;
    }

    /**
     * Returns whether versions that refer to this configuration used samples without a label.
     *
     * @throws io.headwater.domain.ArtifactException when it is not in the store
     */
    boolean usedUnlabelled(Digest former) {
        return former.equals(configuration)
                ? usesUnlabelled()
                : AdaptationFile.parseCanonical(new String(store.get(former), StandardCharsets.UTF_8))
                                .training()
                                .unlabelled()
                        != UnlabelledUse.IGNORE;
    }

    /** Writes the configuration, to which versions refer, to the store. */
    void keepConfiguration() {
        store.put(AdaptationFile.canonical(config).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the same objects with another store. */
    LaneContext storingIn(ArtifactStore other) {
        return new LaneContext(config, goal, configuration, baseModel, heads, other, clock, environment);
    }

    HeadArtifact head(Digest artifact) {
        return HeadArtifact.fromBytes(store.get(artifact));
    }

    /**
     * Makes the artifacts of a version as young as new ones, because an event will refer to it: a retention may have meant to
     * delete them.
     *
     * @throws io.headwater.domain.ArtifactException when one is missing
     */
    void renew(VersionRef version) {
        store.renew(version.artifact());
        store.renew(version.checkpoint());
        Checkpoints.parts(store.start(version.checkpoint(), Checkpoints.START_BYTES))
                .forEach(store::renew);
    }

    /** Returns the checkpoint of a version, with all to which it refers. */
    Checkpoints.Contents checkpoint(VersionRef version) {
        return Checkpoints.read(store, version.checkpoint());
    }
}
