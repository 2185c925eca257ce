package io.headwater.serving;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.PublishedHead;
import io.headwater.codec.Codec;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.task.Featurizer;
import io.headwater.task.Goal;
import java.time.InstantSource;

/**
 * What a role needs to answer requests.
 *
 * @param config the adaptation
 * @param baseModel digest of the backbone
 * @param heads opens the heads of its lanes
 * @param store of artifacts
 * @param codec of events
 * @param featurizer computes features of payloads
 * @param goal decodes the logits of heads
 * @param clock for the time stamps of predictions
 * @param listener of the heads that serve
 */
public record ServingSetup(
        AdaptationConfig config,
        Digest baseModel,
        Heads heads,
        ArtifactStore store,
        Codec codec,
        Featurizer featurizer,
        Goal goal,
        InstantSource clock,
        ServingListener listener) {

    /**
     * Loads, verifies and opens the head of a version.
     *
     * @throws ArtifactException when the store does not have it, or when it is not a head of this adaptation
     */
    public PublishedHead open(VersionRef version) {
        HeadArtifact artifact = HeadArtifact.fromBytes(store.get(version.artifact()));
        if (!artifact.baseModel().equals(baseModel)) {
            throw new ArtifactException("version %s reads features of base model %s, but this process has %s"
                    .formatted(version, artifact.baseModel(), baseModel));
        }
        return PublishedHead.open(artifact, heads);
    }
}
