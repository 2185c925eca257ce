package io.headwater.trainer;

import io.headwater.codec.Codec;
import io.headwater.intake.Intake;
import io.headwater.kafka.Clients;

/**
 * The components and settings of a trainer.
 *
 * @param lanes objects that its lanes share
 * @param clients creates Kafka clients
 * @param codec codec of events
 * @param reader reader of samples
 * @param group consumer group that shares the samples topic
 * @param instance name of this trainer within the group; a restart with the same name fences the previous instance
 * @param intake protection against records that end or block the process
 * @param workers number of threads that prepare samples, 1 to 64
 * @param listener receives notifications
 */
public record TrainerSetup(
        LaneContext lanes,
        Clients clients,
        Codec codec,
        SampleReader reader,
        String group,
        String instance,
        Intake intake,
        int workers,
        TrainerListener listener) {}
