package io.headwater.predictor;

import io.headwater.codec.Codec;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.Heads;
import io.headwater.intake.Intake;
import io.headwater.kafka.Clients;
import io.headwater.serving.ServingSetup;
import io.headwater.task.Featurizer;
import io.headwater.task.Goal;
import io.opentelemetry.api.OpenTelemetry;
import java.time.InstantSource;

/**
 * The parts of a predictor.
 *
 * @param config the adaptation
 * @param baseModel digest of the backbone
 * @param heads opens the heads of its lanes
 * @param store of artifacts
 * @param clients of Kafka
 * @param codec of events
 * @param featurizer computes features of payloads
 * @param goal decodes the logits of heads
 * @param group of consumers that share the requests topic
 * @param instance names this predictor among those of the group
 * @param intake protection against records that end or block the process
 * @param clock for the time stamps of predictions
 * @param telemetry receives a span for each answer
 * @param listener of the predictor
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
        Intake intake,
        InstantSource clock,
        OpenTelemetry telemetry,
        PredictorListener listener) {

    /** Returns what is needed to answer. */
    ServingSetup serving() {
        return new ServingSetup(config, baseModel, heads, store, codec, featurizer, goal, clock, listener);
    }
}
