package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RuntimeSettingsTest {

    /** Equal names would let the processes of two installations fence each other for ever. */
    @Test
    void shouldNameTheGroupsOfInstallationsAtTheSameBrokersDifferently() {
        List<String> groups = Stream.of("headwater.", "acme.", "acme-", "acme", "")
                .map(prefix -> group(prefix, "trainer"))
                .toList();

        assertThat(groups).doesNotHaveDuplicates().contains("headwater-trainer-mood", "acme.headwater-trainer-mood");
        assertThat(group("acme.", "predictor")).isEqualTo("acme.headwater-predictor-mood");
    }

    private static String group(String prefix, String role) {
        return RuntimeSettings.local(KafkaSettings.of("localhost:9092"), Path.of("store"), prefix, 1)
                .groupOf(role, "mood");
    }
}
