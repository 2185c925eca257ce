package io.headwater.standalone;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Sends samples, requests and labels of requests to their topics. Safe for use by several threads. */
public final class SampleProducer implements AutoCloseable {
    private final Topics topics;
    private final Codec codec;
    private final Clock clock;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong sent = new AtomicLong();
    private final Acknowledged acknowledged = new Acknowledged();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** Creates a producer with a Kafka client of its own. */
    public SampleProducer(Clients clients, Codec codec, Clock clock) {
        this.topics = clients.topics();
        this.codec = codec;
        this.clock = clock;
        this.producer = clients.producer();
    }

    /**
     * Sends a sample of {@code domain}.
     *
     * @param label null when it is not known
     * @throws KafkaException if this or an earlier record could not be sent; nothing is sent any more
     */
    public void sample(String domain, String id, Payload payload, @Nullable Label label) {
        send(Topic.SAMPLES, domain, codec.encode(EventType.SAMPLE, new Sample(id, payload, label, clock.instant())));
    }

    /**
     * Sends a request of {@code domain} to the adaptation that has served longest.
     *
     * @throws KafkaException if this or an earlier record could not be sent; nothing is sent any more
     */
    public void request(String domain, String id, Payload payload) {
        request(domain, id, payload, "");
    }

    /** Sends a request of {@code domain} to {@code adaptation}. */
    public void request(String domain, String id, Payload payload, String adaptation) {
        send(
                Topic.REQUESTS,
                domain,
                codec.encode(EventType.REQUEST, new Request(id, payload, clock.instant(), adaptation)));
    }

    /**
     * Sends the label of a request. Labels of one request stay in order.
     *
     * @throws KafkaException if this or an earlier record could not be sent; nothing is sent any more
     */
    public void label(LateLabel label) {
        send(Topic.LABELS, label.id(), codec.encode(EventType.LATE_LABEL, label));
    }

    /**
     * Waits until the brokers have acknowledged every record that was sent.
     *
     * @throws KafkaException if a record could not be sent; nothing is sent any more
     */
    public void flush() {
        producer.flush();
        requireNoFailure();
    }

    /**
     * Returns how many of the first records the brokers acknowledged, before the first that could not be sent. If all records
     * belong to one domain, no others are on the topic after {@link #close}, except one whose acknowledgement was lost.
     */
    public long acknowledged() {
        return acknowledged.count();
    }

    /** Why the first record that could not be sent was not; empty if there is none. */
    public Optional<Exception> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Sends a record to the partition of its key. */
    private void send(Topic topic, String text, byte[] value) {
        requireNoFailure();
        byte[] key = text.getBytes(StandardCharsets.UTF_8);
        int partition = topics.partitionOf(text);
        long number = sent.getAndIncrement();
        Thread caller = Thread.currentThread();
        producer.send(new ProducerRecord<>(topics.name(topic), partition, key, value), (metadata, error) -> {
            if (error == null) {
                acknowledged.add(number);
                return;
            }
            // A client that refuses a record calls back on the caller's thread, and still sends those before it. A
            // broker's refusal arrives on the thread that sends, which must not go on to the records behind it.
            if (failure.compareAndSet(null, error) && Thread.currentThread() != caller) {
                producer.close(Duration.ZERO);
            }
        });
        requireNoFailure();
    }

    private void requireNoFailure() {
        Exception why = failure.get();
        if (why != null) {
            throw new KafkaException("a record could not be sent: " + why.getMessage(), why);
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    /** As {@link #close()}, but gives up what has not been acknowledged after {@code limit}. */
    public void close(Duration limit) {
        producer.close(limit);
    }
}
