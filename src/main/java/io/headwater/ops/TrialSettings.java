package io.headwater.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.codec.RegistryAccess;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.DeviceChoice;
import io.headwater.engine.cache.FeatureFiles;
import io.headwater.intake.Intake;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topics;
import io.headwater.online.OnlineSettings;
import io.headwater.streams.StreamsSettings;
import io.headwater.trainer.TrainerSetup;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the process that tries single records must know. It receives this as one line of JSON on its standard input,
 * because others could see passwords in its arguments or environment.
 *
 * @param adaptation canonical text of the adaptation
 * @param bootstrapServers Kafka brokers
 * @param kafka further properties of Kafka clients
 * @param prefix prefix of the topics
 * @param partitions number of partitions
 * @param maxRecordBytes maximum size of a record
 * @param maxHeaderBytes maximum size of the headers of a record
 * @param threads number of threads within one run of the backbone
 * @param registry how the schema registry is reached; null for none
 */
record TrialSettings(
        String adaptation,
        String bootstrapServers,
        Map<String, String> kafka,
        String prefix,
        int partitions,
        int maxRecordBytes,
        int maxHeaderBytes,
        int threads,
        @Nullable RegistryAccess registry) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static TrialSettings of(AdaptationConfig config, RuntimeSettings settings) {
        Topics topics = settings.topics();
        return new TrialSettings(
                AdaptationFile.canonical(config),
                settings.kafka().bootstrapServers(),
                settings.kafka().extra(),
                topics.prefix(),
                topics.partitions(),
                topics.maxRecordBytes(),
                topics.maxHeaderBytes(),
                settings.threads(),
                settings.registry().orElse(null));
    }

    static TrialSettings parse(String line) throws JsonProcessingException {
        return JSON.readValue(line, TrialSettings.class);
    }

    String line() throws JsonProcessingException {
        return JSON.writeValueAsString(this) + "\n";
    }

    /** The properties of Kafka clients may hold passwords, so that only their names are shown. */
    @Override
    public String toString() {
        return "TrialSettings[%s, %s, %s, %s]".formatted(bootstrapServers, kafka.keySet(), prefix, registry);
    }

    AdaptationConfig config() {
        return AdaptationFile.parseCanonical(adaptation);
    }

    /** Returns the settings of a runtime that only prepares records, on the CPU and without a cache. */
    RuntimeSettings runtime() {
        Topics topics = new Topics(prefix, partitions, (short) 1, 1, maxRecordBytes, maxHeaderBytes);
        return new RuntimeSettings(
                new KafkaSettings(bootstrapServers, kafka),
                topics,
                Path.of(""),
                Path.of(""),
                "trial",
                "trial",
                1,
                threads,
                0,
                FeatureFiles.NONE,
                Optional.of(DeviceChoice.CPU),
                Optional.ofNullable(registry),
                Intake.USUAL_PATIENCE,
                false,
                TrainerSetup.halfOfHeap(),
                StreamsSettings.in(Path.of("")),
                AheadSettings.OFF,
                OnlineSettings.USUAL);
    }
}
