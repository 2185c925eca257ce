package io.headwater.board;

import io.headwater.codec.Codec;
import io.headwater.domain.Lane;
import io.headwater.kafka.Clients;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import java.util.List;
import java.util.Optional;

/** Reads what the topics say of one lane, once. */
public final class LaneReading {
    private static final List<Topic> TOPICS =
            List.of(Topic.SERVING, Topic.TRAINER_STATE, Topic.MODEL_VERSIONS, Topic.EVALUATIONS, Topic.COMMANDS);

    private LaneReading() {}

    /** Returns what is known of a lane; empty when there is none of this name. Requests to label and dead letters are not counted. */
    public static Optional<LaneStory> of(Clients clients, Codec codec, Lane lane) {
        BoardContent content = new BoardContent(clients.topics(), codec);
        int partition = clients.topics().partitionOf(lane.domain());
        try (PartitionReader reader = new PartitionReader(clients)) {
            for (Topic topic : TOPICS) {
                reader.readAll(clients.topics().partition(topic, partition), record -> {
                    if (lane.key().equals(RecordKeys.text(record.key()))) {
                        content.apply(record);
                    }
                });
            }
        }
        return content.story(lane);
    }
}
