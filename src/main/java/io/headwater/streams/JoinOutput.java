package io.headwater.streams;

import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.kafka.DeadLetters;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Sends what a processor makes to its sinks, in the transaction of the records that it is made of. */
final class JoinOutput {
    private final StreamsSetup setup;
    private final ProcessorContext<RoutedKey, byte[]> context;
    private final String lettersSink;

    /**
     * Creates an output.
     *
     * @param lettersSink name of the sink of dead letters that is connected to the processor
     */
    JoinOutput(StreamsSetup setup, ProcessorContext<RoutedKey, byte[]> context, String lettersSink) {
        this.setup = setup;
        this.context = context;
        this.lettersSink = lettersSink;
    }

    /** Sends a sample to the partition that the trainer of its domain reads. */
    void sample(String domain, byte[] value) {
        context.forward(
                new Record<>(
                        new RoutedKey(partitionOf(domain), domain.getBytes(StandardCharsets.UTF_8)),
                        value,
                        context.currentSystemTimeMs()),
                JoinTopology.SAMPLES);
    }

    void evaluation(Lane lane, byte[] value) {
        context.forward(
                new Record<>(
                        new RoutedKey(partitionOf(lane.domain()), lane.key().getBytes(StandardCharsets.UTF_8)),
                        value,
                        context.currentSystemTimeMs()),
                JoinTopology.EVALUATIONS);
    }

    /** Makes a dead letter of a record, with the form and headers of all others. */
    void letter(ConsumerRecord<byte[], byte[]> record, Rejection rejection) {
        setup.listener().rejected(rejection);
        ProducerRecord<byte[], byte[]> letter = DeadLetters.of(
                record, rejection, setup.adaptation(), setup.clients().topics());
        context.forward(
                new Record<>(
                        new RoutedKey(record.partition(), letter.key()),
                        letter.value(),
                        context.currentSystemTimeMs(),
                        letter.headers()),
                lettersSink);
    }

    private int partitionOf(String domain) {
        return setup.clients().topics().partitionOf(domain);
    }
}
