package io.headwater.streams;

import io.headwater.codec.EventType;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads late labels, which are keyed by the ids of their requests, and sends them on to the partitions of their domains. Every
 * adaptation reads all of them, so that only one of the adaptations makes dead letters of those that cannot be read.
 */
final class LabelReader implements Processor<RoutedKey, byte[], RoutedKey, byte[]> {
    private final StreamsSetup setup;
    private final BooleanSupplier isForUnnamed;
    private @Nullable ProcessorContext<RoutedKey, byte[]> context;

    /**
     * Creates a reader.
     *
     * @param isForUnnamed whether this adaptation takes what is for no adaptation in particular
     */
    LabelReader(StreamsSetup setup, BooleanSupplier isForUnnamed) {
        this.setup = setup;
        this.isForUnnamed = isForUnnamed;
    }

    @Override
    public void init(ProcessorContext<RoutedKey, byte[]> opened) {
        context = opened;
    }

    @Override
    public void process(Record<RoutedKey, byte[]> record) {
        ProcessorContext<RoutedKey, byte[]> opened = Objects.requireNonNull(context);
        Topics topics = setup.clients().topics();
        ConsumerRecord<byte[], byte[]> received =
                LabelRecord.of(record, opened.recordMetadata().orElseThrow());
        Outcome<LateLabel> read = RecordKeys.checkSize(received, topics)
                .then(fitting -> setup.codec().decode(EventType.LATE_LABEL, fitting.value()));
        if (read instanceof Outcome.Ok<LateLabel> ok) {
            String domain = ok.value().domain();
            opened.forward(
                    new Record<>(
                            new RoutedKey(topics.partitionOf(domain), domain.getBytes(StandardCharsets.UTF_8)),
                            LabelRecord.encode(received),
                            record.timestamp()),
                    JoinTopology.TO_DOMAINS);
        } else if (isForUnnamed.getAsBoolean()) {
            new JoinOutput(setup, opened, JoinTopology.UNREADABLE)
                    .letter(received, ((Outcome.Rejected<LateLabel>) read).rejection());
        }
    }
}
