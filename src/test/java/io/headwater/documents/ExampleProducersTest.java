package io.headwater.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Label;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.testing.TestTopics;
import io.headwater.trainer.Adaptations;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What the example producers send can be used, whatever the domain is. */
@OnEmbeddedBroker
@Timeout(180)
class ExampleProducersTest {
    private static final int PARTITIONS = 4;
    private static final int SAMPLES_OF_A_DOMAIN = 4;
    /** Domains that are not ASCII; beside them there is one of ASCII for each partition. */
    private static final List<String> FOREIGN = List.of("Ω", "日本 語", "café", "😀");

    @TempDir
    private Path folder;

    enum Program {
        JAVA {
            @Override
            List<String> command() {
                return List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        Stream.of(
                                        KafkaProducer.class,
                                        Schema.class,
                                        ObjectMapper.class,
                                        JsonFactory.class,
                                        JsonProperty.class,
                                        LoggerFactory.class)
                                .map(Program::library)
                                .collect(Collectors.joining(File.pathSeparator)),
                        "docs/examples/SampleProducer.java");
            }
        },
        PYTHON {
            @Override
            List<String> command() {
                return List.of(INTERPRETER, "docs/examples/sample_producer.py");
            }

            @Override
            void assume() throws Exception {
                assumeThat(Files.isExecutable(Path.of(INTERPRETER))
                                && run(List.of(INTERPRETER, "-c", "import avro, kafka"), Path.of("/dev/null")) == 0)
                        .as("Debian's python3-avro and python3-kafka")
                        .isTrue();
            }
        };

        private static final String INTERPRETER = "/usr/bin/python3";

        abstract List<String> command();

        /** Skips a test where the program cannot run. */
        void assume() throws Exception {}

        void send(TestTopics installation, String kind, Path samples) throws Exception {
            List<String> command = new ArrayList<>(command());
            command.addAll(List.of(
                    installation.bootstrapServers(),
                    installation.topics().name(Topic.SAMPLES),
                    kind,
                    "schemas/released/0.1.0/Sample.avsc"));
            assertThat(run(command, samples)).as("exit status of " + command).isZero();
        }

        private static String library(Class<?> type) {
            try {
                return Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString();
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }

        private static int run(List<String> command, Path input) throws IOException, InterruptedException {
            return new ProcessBuilder(command)
                    .redirectInput(input.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendTextsThatATrainerLearns(Program program, BrokerUnderTest broker) throws Exception {
        program.assume();
        AdaptationConfig config = Adaptations.text(Adaptations.BY_STEPS);
        try (Installation installation = Installation.of(config, broker, new FileArtifactStore(folder, 1 << 24))
                .partitions(PARTITIONS)
                .open()
                .createTopics()) {
            List<String> domains = domains(installation);
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < domains.size() * SAMPLES_OF_A_DOMAIN; i++) {
                lines.add(String.join(
                        "\t",
                        "mail-" + i,
                        domains.get(i % domains.size()),
                        i / domains.size() % 2 == 0 ? "repair" : "größe",
                        "The wheel № " + i + " wobbles – 輪."));
            }

            program.send(installation, "text", Files.write(folder.resolve("samples.tsv"), lines));
            installation.train();

            try (PartitionReader reader = new PartitionReader(installation.clients())) {
                assertThat(installation.records(reader, Topic.DEAD_LETTERS)).isEmpty();
                assertThat(installation.records(reader, Topic.SAMPLES).stream()
                                .map(ConsumerRecord::partition)
                                .distinct())
                        .hasSize(PARTITIONS);
            }
            assertThat(installation.versions().stream()
                            .collect(Collectors.groupingBy(
                                    version -> version.ref().lane().domain(),
                                    Collectors.summingInt(ExampleProducersTest::samples))))
                    .isEqualTo(domains.stream()
                            .collect(Collectors.toMap(domain -> domain, domain -> SAMPLES_OF_A_DOMAIN)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendNumbersThatCanBeRead(Program program, BrokerUnderTest broker) throws Exception {
        program.assume();
        try (TestTopics topics =
                new TestTopics(broker.bootstrapServers(), broker.fresh("numbers") + ".", PARTITIONS, 1 << 20)) {
            topics.ensure();
            List<String> domains = domains(topics);
            List<String> lines = domains.stream()
                    .map(domain -> "measured at 9:00\t" + domain + "\t-0.5\t1.5 -2 3e-5")
                    .toList();

            program.send(topics, "numbers", Files.write(folder.resolve("samples.tsv"), lines));

            List<ConsumerRecord<byte[], byte[]>> records;
            try (PartitionReader reader = new PartitionReader(topics.clients())) {
                records = topics.records(reader, Topic.SAMPLES);
            }
            assertThat(records).hasSameSizeAs(domains).allSatisfy(record -> {
                Outcome<Sample> read = RecordKeys.check(record, topics.topics())
                        .then(domain -> topics.codec().decode(EventType.SAMPLE, record.value()));
                assertThat(read).isInstanceOf(Outcome.Ok.class);
                Sample sample = ((Outcome.Ok<Sample>) read).value();
                assertThat(sample.id()).isEqualTo("measured at 9:00");
                assertThat(sample.payload())
                        .usingRecursiveComparison()
                        .isEqualTo(new Payload.Tensor(List.of(3), new float[] {1.5f, -2, 3e-5f}));
                assertThat(sample.label()).usingRecursiveComparison().isEqualTo(new Label.Values(new float[] {-0.5f}));
            });
        }
    }

    private static List<String> domains(TestTopics topics) {
        return Stream.concat(
                        IntStream.range(0, PARTITIONS).mapToObj(partition -> topics.domain(partition, 0)),
                        FOREIGN.stream())
                .toList();
    }

    private static int samples(ModelVersion version) {
        return version.lineage().samples();
    }
}
