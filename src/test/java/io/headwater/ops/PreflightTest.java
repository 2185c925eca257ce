package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.kafka.Topic;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEmbeddedBroker
class PreflightTest {
    @TempDir
    Path folder;

    @Test
    void shouldReportEveryFaultAtOnce() {
        HeadwaterConfig config = TestSettings.of(Map.ofEntries(
                Map.entry("headwater.bootstrap-servers", "broker"),
                Map.entry("headwater.adaptation", folder.resolve("absent.yaml").toString()),
                Map.entry("headwater.topics.prefix", "a b"),
                Map.entry("headwater.topics.partitions", "0"),
                Map.entry("headwater.topics.replication", "2"),
                Map.entry("headwater.topics.min-insync-replicas", "3"),
                Map.entry("headwater.topics.max-record-bytes", "1"),
                Map.entry("headwater.backbone.workers", "-1"),
                Map.entry("headwater.backbone.threads", "0"),
                Map.entry("headwater.backbone.cache-bytes", "-1"),
                Map.entry("headwater.cache.file-bytes", "2097152"),
                Map.entry("headwater.cache.total-bytes", "1048576"),
                Map.entry("headwater.featurizer.use", "true"),
                Map.entry("headwater.featurizer.wait", "20s"),
                Map.entry("headwater.featurizer.bytes", "1"),
                Map.entry("headwater.registry.url", "ftp://registry"),
                Map.entry("headwater.sweep.minimum-age", "59m"),
                Map.entry("headwater.adaptation-interval", "5ms"),
                Map.entry("headwater.sweep.interval", "-1h")));

        ConfigurationException failure = failureOf(config);

        assertThat(failure.faults()).hasSize(16);
        assertThat(failure.getMessage())
                .contains("headwater.topics.partitions must be 1 to 10000, but is '0'; set HEADWATER_TOPICS_PARTITIONS")
                .contains("headwater.topics.min-insync-replicas must be 0 to 2, but is '3'")
                .contains("headwater.cache.total-bytes must be at least headwater.cache.file-bytes, which is 2097152")
                .contains(
                        "headwater.featurizer.wait must be at least 1ms, and at most half of preparation-timeout (PT30S)")
                .contains("headwater.sweep.minimum-age must be at least 1h, but is 'PT59M'")
                .contains("absent.yaml: there is no such file");
    }

    @Test
    void shouldNameAnAdaptationThatIsMissingAndABaseThatIsNotKnown(BrokerUnderTest broker) throws Exception {
        assertThat(failureOf(TestSettings.of(settings(broker, broker.fresh("none"))))
                        .getMessage())
                .contains("headwater.adaptation must name the YAML file");

        Map<String, String> settings = settings(broker, broker.fresh("none"));
        settings.put("headwater.adaptation", adaptation("base: grandiose").toString());
        assertThat(failureOf(TestSettings.of(settings)).getMessage())
                .contains("base 'grandiose'")
                .contains("minilm");
    }

    @Test
    void shouldRefuseToKeepAnOutputLayerWhoseClassesAreNotKnown(BrokerUnderTest broker) throws Exception {
        Map<String, String> settings = settings(broker, broker.fresh("none"));
        String keeping = "base: minilm\nlabels: [a, b]\nhead.output-layer: keep";
        settings.put("headwater.adaptation", adaptation(keeping).toString());

        assertThat(failureOf(TestSettings.of(settings)).getMessage())
                .contains("head.output-layer keep needs the labels of base model 'minilm', but its manifest has none");
    }

    @Test
    void shouldReportTopicsThatAreNotAsTheyMustBeTogetherWithTheAdaptation(BrokerUnderTest broker) throws Exception {
        // Given
        String prefix = broker.fresh("wrong") + ".";
        try (Admin admin = broker.admin()) {
            NewTopic serving = new NewTopic(prefix + Topic.SERVING.suffix(), Optional.of(2), Optional.empty());
            broker.create(serving);

            // When
            Map<String, String> settings = settings(broker, prefix);
            settings.put(
                    "headwater.adaptation",
                    adaptation("base: minilm\nlabels: 3").toString());
            ConfigurationException failure = failureOf(TestSettings.of(settings));

            // Then
            assertThat(failure.getMessage())
                    .contains("topic " + prefix + "serving must have 6 partitions")
                    .contains("topic " + prefix + "serving must have cleanup.policy=compact")
                    .contains("labels");
            assertThat(admin.listTopics().names().get()).doesNotContain(prefix + Topic.SAMPLES.suffix());
        }
    }

    @Test
    void shouldPassWhatCanStart(BrokerUnderTest broker) throws Exception {
        Map<String, String> settings = settings(broker, broker.fresh("right") + ".");
        settings.put("headwater.adaptation", adaptation("base: minilm").toString());

        assertThat(Preflight.check(TestSettings.of(settings)).sources())
                .extracting(source -> source.adaptation().orElseThrow().name())
                .containsExactly("reviews");
    }

    @Test
    void shouldReportEveryFaultOfEveryFileOfAFolder(BrokerUnderTest broker) throws Exception {
        // Given
        Path many = Files.createDirectory(folder.resolve("many"));
        write(many, "a.yaml", "name: a\ntask: texts\nbase: grandiose\n");
        write(many, "b.yml", "name: same\ntask: text-classification\nbase: minilm\n");
        write(many, "c.yaml", "name: same\ntask: text-classification\nbase: minilm\n");
        write(many, "d.yaml", "name: d\ntask: text-classification\nbase: grandiose\n");
        Map<String, String> settings = settings(broker, broker.fresh("many") + ".");
        settings.put("headwater.adaptation", many + "," + folder.resolve("absent.yaml"));

        // Then
        assertThat(String.valueOf(failureOf(TestSettings.of(settings)).getMessage())
                        .lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith(many.resolve("a.yaml") + ":2: ")
                        .contains("task"))
                .anySatisfy(line -> assertThat(line).startsWith(many.resolve("b.yml") + ": name must be that of one"))
                .anySatisfy(line -> assertThat(line).startsWith(many.resolve("c.yaml") + ": name must be that of one"))
                .anySatisfy(line -> assertThat(line).startsWith(many.resolve("d.yaml") + ": base 'grandiose'"))
                .anySatisfy(line ->
                        assertThat(line).endsWith(folder.resolve("absent.yaml").toString()));
    }

    @Test
    void shouldRefuseAFolderWithoutAdaptations(BrokerUnderTest broker) throws Exception {
        Path none = Files.createDirectory(folder.resolve("none"));
        write(none, ".hidden.yaml", "name: a\n");
        Map<String, String> settings = settings(broker, broker.fresh("none") + ".");
        settings.put("headwater.adaptation", none.toString());

        assertThat(failureOf(TestSettings.of(settings)).getMessage())
                .contains("the folder '" + none + "' has no file that ends in .yaml or .yml");
    }

    private static void write(Path folder, String name, String yaml) throws IOException {
        Files.writeString(folder.resolve(name), yaml);
    }

    private static ConfigurationException failureOf(HeadwaterConfig config) {
        return catchThrowableOfType(ConfigurationException.class, () -> Preflight.check(config));
    }

    private static Map<String, String> settings(BrokerUnderTest broker, String prefix) {
        return new TreeMap<>(
                Map.of("headwater.bootstrap-servers", broker.bootstrapServers(), "headwater.topics.prefix", prefix));
    }

    private Path adaptation(String more) throws IOException {
        String yaml = "name: reviews\ntask: text-classification\n" + more + "\n";
        return Files.writeString(folder.resolve("adaptation.yaml"), yaml);
    }
}
