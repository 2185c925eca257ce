package io.headwater.streams;

import io.headwater.codec.Codec;
import io.headwater.kafka.Clients;
import io.headwater.task.Goal;
import java.time.InstantSource;

/**
 * What the role {@code streams} needs.
 *
 * @param adaptation name of the adaptation whose answers are joined with their labels
 * @param goal of its task
 * @param asks whether some of the requests are chosen for labelling
 * @param clients how Kafka is reached
 * @param codec of events
 * @param group id of the application, which is also the name of its consumer group
 * @param instance unique name of this process within the group
 * @param settings of the role
 * @param clock of this process, beyond which the times of records are not believed
 * @param listener of the role
 */
public record StreamsSetup(
        String adaptation,
        Goal goal,
        boolean asks,
        Clients clients,
        Codec codec,
        String group,
        String instance,
        StreamsSettings settings,
        InstantSource clock,
        StreamsListener listener) {}
