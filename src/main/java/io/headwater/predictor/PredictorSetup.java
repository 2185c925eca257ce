package io.headwater.predictor;

import io.headwater.codec.Codec;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.Heads;
import io.headwater.kafka.Clients;
import io.headwater.task.Featurizer;
import io.headwater.task.Goal;
import java.time.InstantSource;

/**
 * What a predictor is made of.
 *
 * @param config the adaptation
 * @param baseModel digest of the backbone
 * @param heads opens the heads of its lanes
 * @param store where artifacts live
 * @param clients to reach Kafka
 * @param codec of events
 * @param featurizer preprocessing and backbone
 * @param goal what its heads say
 * @param group of consumers that share the requests topic
 * @param instance names this predictor among those of the group
 * @param clock tells the time of predictions
 * @param listener is told what happens
 */
public record PredictorSetup(
        AdaptationConfig config,
        Digest baseModel,
        Heads heads,
        ArtifactStore store,
        Clients clients,
        Codec codec,
        Featurizer featurizer,
        Goal goal,
        String group,
        String instance,
        InstantSource clock,
        PredictorListener listener) {}
