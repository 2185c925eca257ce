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
 * @param goesOnAfterReset whether lanes learn what is on the samples topic when it was deleted and created anew, or when its
 *     offsets went back; otherwise they wait for a person
 * @param laneBytes about how many bytes the lanes may take that are in memory, positive; others sleep until they are needed
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
        TrainerListener listener,
        boolean goesOnAfterReset,
        long laneBytes) {

    /** Creates the setup of a trainer whose lanes wait for a person when the samples topic was created anew, and take half of the heap. */
    public TrainerSetup(
            LaneContext lanes,
            Clients clients,
            Codec codec,
            SampleReader reader,
            String group,
            String instance,
            Intake intake,
            int workers,
            TrainerListener listener) {
        this(lanes, clients, codec, reader, group, instance, intake, workers, listener, false, halfOfHeap());
    }

    /** Returns half of the largest heap of this process, in bytes. */
    public static long halfOfHeap() {
        return Runtime.getRuntime().maxMemory() / 2;
    }
}
