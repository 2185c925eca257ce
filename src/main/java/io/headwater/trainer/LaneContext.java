package io.headwater.trainer;

import io.headwater.adapt.HeadArtifact;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.Heads;
import io.headwater.task.Goal;
import java.time.InstantSource;
import java.util.Map;

/**
 * What all lanes of an adaptation share.
 *
 * @param config the adaptation
 * @param goal what its heads shall say
 * @param configuration digest of its canonical form, an artifact
 * @param baseModel digest of the backbone
 * @param heads makes the heads of its lanes
 * @param store where artifacts live
 * @param clock tells the time of events and of early cuts
 * @param environment what could change the bytes of a version
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

    HeadArtifact head(Digest artifact) {
        return HeadArtifact.fromBytes(store.get(artifact));
    }
}
