package io.headwater.trainer;

import io.headwater.codec.Codec;
import io.headwater.kafka.Clients;

/**
 * What a trainer is made of.
 *
 * @param lanes what its lanes share
 * @param clients to reach Kafka
 * @param codec of events
 * @param reader of samples
 * @param group of consumers that share the samples topic
 * @param instance names this trainer among those of the group: a restart under the same name fences the one before
 * @param workers threads that prepare samples, 1 to 64
 * @param listener is told what happens
 */
public record TrainerSetup(
        LaneContext lanes,
        Clients clients,
        Codec codec,
        SampleReader reader,
        String group,
        String instance,
        int workers,
        TrainerListener listener) {}
