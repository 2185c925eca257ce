package io.headwater.domain;

import java.time.Instant;

/**
 * A request whose label is worth a person's time: one event of the {@code asks} topic.
 *
 * @param lane the adaptation that answered, and the domain of the request
 * @param requestId id of the request, which a late label names
 * @param payload the input of the model, as it was requested
 * @param version the version that answered; it belongs to another lane when a lane without a version of its own is served by
 *     its source
 * @param answer what the version predicted, of the same kind as the labels of the task
 * @param score how much the strategy expects of the label, from 0 to 1; comparable within a lane and strategy only
 * @param strategy name of the strategy that scored the request
 * @param probability the probability with which the request was chosen, above 0 and up to 1
 * @param at time of the choice
 */
public record Ask(
        Lane lane,
        String requestId,
        Payload payload,
        VersionRef version,
        Label answer,
        double score,
        String strategy,
        double probability,
        Instant at) {}
