package io.headwater.bench.soak;

import io.headwater.bench.Bench;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Sends samples, requests and a few bad records to several lanes, at random times, on a thread of its own. */
final class Traffic implements AutoCloseable {
    private static final int LANES_A_PARTITION = 2;
    private static final int BAD_ONE_IN = 40;
    private static final int MOST_AT_ONCE = 5;
    private static final int PAUSE_MILLISECONDS = 200;

    private final Topics topics;
    private final Codec codec;
    private final Random random;
    private final List<String> domains;
    private final List<Sentence> sentences = Sentences.of(20_000);
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private long numbered;
    private @Nullable Thread thread;
    private volatile boolean running;

    Traffic(Clients clients, Codec codec, long seed) {
        this.topics = clients.topics();
        this.codec = codec;
        this.random = new Random(seed);
        this.producer = clients.producer();
        List<String> names = new ArrayList<>();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            int of = partition;
            IntStream.range(0, 1000)
                    .mapToObj(i -> "shop-" + i)
                    .filter(name -> topics.partitionOf(name) == of)
                    .limit(LANES_A_PARTITION)
                    .forEach(names::add);
        }
        this.domains = List.copyOf(names);
    }

    int lanes() {
        return domains.size();
    }

    /** Sends {@code count} samples to each lane and waits for their acknowledgement. */
    void warmUp(int count) {
        for (int i = 0; i < count; i++) {
            domains.forEach(this::sample);
        }
        producer.flush();
    }

    /** Goes on sending until {@link #pause}. */
    void resume() {
        running = true;
        Thread sending = new Thread(this::send, "soak-traffic");
        thread = sending;
        sending.start();
    }

    /** Stops sending, and waits until the brokers have what was sent. */
    void pause() throws InterruptedException {
        running = false;
        Thread sending = thread;
        if (sending != null) {
            sending.join();
            thread = null;
        }
        producer.flush();
    }

    /** Returns the number of records that the brokers have acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Returns the number of records of which it is not known whether the brokers have them. */
    long failed() {
        return failed.get();
    }

    private void send() {
        try {
            while (running) {
                for (int i = random.nextInt(MOST_AT_ONCE + 1); i > 0; i--) {
                    sample(anyDomain());
                }
                for (int i = random.nextInt(MOST_AT_ONCE + 1); i > 0; i--) {
                    request(anyDomain());
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MILLISECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String anyDomain() {
        return domains.get(random.nextInt(domains.size()));
    }

    private Sentence next() {
        Sentence original = sentences.get((int) (numbered++ % sentences.size()));
        return new Sentence(original.label(), original.text() + " " + numbered);
    }

    private void sample(String domain) {
        Sentence sentence = next();
        send(
                Topic.SAMPLES,
                domain,
                codec.encode(
                        EventType.SAMPLE,
                        new Sample(
                                "sample-" + numbered,
                                new Payload.Text(sentence.text()),
                                new Label.ClassLabel(sentence.label()),
                                Instant.now())));
    }

    private void request(String domain) {
        Sentence sentence = next();
        send(
                Topic.REQUESTS,
                domain,
                codec.encode(
                        EventType.REQUEST,
                        new Request("request-" + numbered, new Payload.Text(sentence.text()), Instant.now(), "")));
    }

    /** Sends a record, before it one that is bad, if it is time for one. */
    private void send(Topic topic, String domain, byte[] value) {
        if (numbered % BAD_ONE_IN == 0) {
            ProducerRecord<byte[], byte[]> bad = record(topic, domain, bad());
            bad.headers().add(Verifier.BAD, new byte[] {1});
            send(bad);
        }
        send(record(topic, domain, value));
    }

    private byte @Nullable [] bad() {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> new byte[] {1, 2, 3};
            default -> new byte[0];
        };
    }

    private ProducerRecord<byte[], byte[]> record(Topic topic, String domain, byte @Nullable [] value) {
        return new ProducerRecord<>(
                topics.name(topic), topics.partitionOf(domain), domain.getBytes(StandardCharsets.UTF_8), value);
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record, (metadata, error) -> (error == null ? acknowledged : failed).incrementAndGet());
        } catch (KafkaException e) {
            failed.incrementAndGet();
            Bench.say("soak: a record was not sent: %s", e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        producer.close();
    }
}
