package io.headwater.cli;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Command;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Base class of {@code promote} and {@code rollback}, which send a command and wait for the trainer's decision. */
abstract class DecisionCommand extends LaneCommand {
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason given",
            description = "The reason, which is recorded in the event.")
    String reason;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the trainer. Default: ${DEFAULT-VALUE}.")
    int timeoutSeconds;

    int send(Command.Action action, @Nullable Long number) throws InterruptedException {
        RuntimeSettings settings = connection.settings();
        Clients clients = connection.clients(settings);
        Codec codec = connection.codec(settings);
        LaneLog log = new LaneLog(clients, codec);
        VersionRef version = version(log, lane, action, number);
        Instant now = Instant.now();
        Command command = new Command(lane, action, version, System.getProperty("user.name", "unknown"), reason, now);
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            int partition = settings.topics().partitionOf(lane.domain());
            producer.send(new ProducerRecord<>(
                            settings.topics().name(Topic.COMMANDS),
                            partition,
                            lane.key().getBytes(StandardCharsets.UTF_8),
                            codec.encode(EventType.COMMAND, command)))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("the command could not be sent: " + e.getCause(), e);
        }
        Serving decided = await(log, lane, version, now);
        output.print(
                Map.of("lane", lane.key(), "serving", decided),
                () -> output.line("%s now serves %s (%s)", lane, decided.version(), decided.reason()));
        return 0;
    }

    private VersionRef version(LaneLog log, Lane wanted, Command.Action action, @Nullable Long number) {
        if (action == Command.Action.ROLLBACK && number == null) {
            Serving serving = log.serving(wanted::equals).get(wanted);
            if (serving == null || serving.previous() == null) {
                throw new IllegalArgumentException(
                        "lane '%s' has no champion before the present one to go back to".formatted(lane));
            }
            return serving.previous();
        }
        return log.versions(wanted::equals).stream()
                .map(ModelVersion::ref)
                .filter(ref -> number == null || ref.number() == number)
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IllegalArgumentException(
                        "lane '%s' has no version %s; 'headwater versions' lists what there is"
                                .formatted(lane, number == null ? "at all" : number)));
    }

    private Serving await(LaneLog log, Lane wanted, VersionRef version, Instant since) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
        while (System.nanoTime() - deadline < 0) {
            Serving serving = log.serving(wanted::equals).get(wanted);
            if (serving != null
                    && serving.version().equals(version)
                    && serving.decidedBy() == Serving.DecidedBy.PERSON
                    && !serving.since().isBefore(since.minusSeconds(60))) {
                return serving;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IllegalStateException(
                "no trainer carried the command out in %d s; it stays on the commands topic. Is a trainer running?"
                        .formatted(timeoutSeconds));
    }
}
