package io.headwater.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.task.goal.ClassGoal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Subtopology;
import org.junit.jupiter.api.Test;

/** Holds the picture in {@code docs/labels.md} to the topology. {@code -Dheadwater.write=true} draws it again. */
class TopologyPictureTest {
    private static final Path PAGE = Path.of("docs/labels.md");
    private static final Pattern PICTURE = Pattern.compile("```mermaid\n(flowchart LR\n.*?)```", Pattern.DOTALL);

    private final TopologyDescription description = JoinTopology.of(
                    new StreamsSetup(
                            "reviews",
                            new ClassGoal(List.of(), 0),
                            false,
                            new Clients(KafkaSettings.of("nowhere:1"), DrivenJoin.TOPICS),
                            DrivenJoin.CODEC,
                            "test",
                            "one",
                            DrivenJoin.SETTINGS,
                            () -> Instant.EPOCH,
                            StreamsListener.NONE),
                    () -> true,
                    () -> Long.MAX_VALUE)
            .describe();

    @Test
    void shouldShowTheTopology() throws IOException {
        String page = Files.readString(PAGE);
        Matcher shown = PICTURE.matcher(page);
        assertThat(shown.find()).isTrue();
        String picture = TopologyPicture.of(description, DrivenJoin.TOPICS.prefix());
        if (Boolean.getBoolean("headwater.write")) {
            Files.writeString(PAGE, page.substring(0, shown.start(1)) + picture + page.substring(shown.end(1)));
        }

        assertThat(shown.group(1)).isEqualTo(picture);
    }

    /** Names that Kafka Streams chooses by numbers change with the topology, and with them the names of topics. */
    @Test
    void shouldNameEveryNode() {
        assertThat(description.subtopologies().stream().map(Subtopology::nodes))
                .allSatisfy(nodes -> assertThat(nodes)
                        .noneMatch(node ->
                                Pattern.compile("\\d{10}").matcher(node.name()).find()));
    }
}
