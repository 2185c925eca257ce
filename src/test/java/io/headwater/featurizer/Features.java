package io.headwater.featurizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.EventType;
import io.headwater.domain.FeaturizedRecord;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.testing.Installation;
import io.headwater.testing.Installation.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is committed on the features topic of an installation. */
final class Features {
    private Features() {}

    static int count(Installation installation) {
        return all(installation).values().stream().mapToInt(List::size).sum();
    }

    /** Requires exactly one record for each sample that was sent, with features if the sample is valid. */
    static void requireOneForEach(Installation installation) {
        Map<String, List<FeaturizedRecord>> found = all(installation);
        List<Sent> sent = installation.sent();
        assertThat(found).hasSameSizeAs(sent);
        for (Sent one : sent) {
            String place = place(one.partition(), one.offset());
            assertThat(found.get(place)).as(place).singleElement().satisfies(event -> {
                assertThat(event.topic()).isEqualTo(installation.topics().name(Topic.SAMPLES));
                assertThat(event.features()).hasSize(one.valid() ? 1 : 0);
            });
        }
    }

    private static Map<String, List<FeaturizedRecord>> all(Installation installation) {
        Map<String, List<FeaturizedRecord>> all = new HashMap<>();
        try (PartitionReader reader = new PartitionReader(installation.clients())) {
            installation.records(reader, Topic.FEATURES).forEach(record -> {
                FeaturizedRecord event = installation.codec().decodeOrThrow(EventType.FEATURES, record.value());
                all.computeIfAbsent(place(record.partition(), event.offset()), where -> new ArrayList<>())
                        .add(event);
            });
        }
        return all;
    }

    private static String place(int partition, long offset) {
        return "partition " + partition + " offset " + offset;
    }
}
