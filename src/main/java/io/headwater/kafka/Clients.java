package io.headwater.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Creates Kafka clients. All of them use byte arrays; the codec converts these to events. */
public final class Clients {
    /**
     * A trainer's transaction is open only while it publishes, so the transaction of a dead trainer can time out early.
     */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    /** A poll holds this many unpacked records in memory, each of which may have the maximum size. */
    public static final int POLL_RECORDS = 8;

    /** Long enough to send what is in flight, and short enough to recover quickly from brokers that do not answer. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    /** Maximum wait of a fetch, which limits the rate of requests of a reader that waits for a transaction to end. */
    private static final int LOG_FETCH_WAIT_MS = 5;

    private final KafkaSettings settings;
    private final Topics topics;

    /** Creates a factory of clients for {@code topics} at the brokers of {@code settings}. */
    public Clients(KafkaSettings settings, Topics topics) {
        this.settings = settings;
        this.topics = topics;
    }

    /** Returns the topics. */
    public Topics topics() {
        return topics;
    }

    /** Creates an admin client. */
    public Admin admin() {
        return Admin.create(common());
    }

    /**
     * Creates a consumer in a group that uses the KIP-848 protocol. Its range assignor assigns partition p of every
     * topic to the same member and moves partitions individually.
     */
    public KafkaConsumer<byte[], byte[]> groupConsumer(String group) {
        Map<String, Object> config = reading();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        config.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Creates a consumer without a group, for manually assigned partitions; it reads only committed records. */
    public KafkaConsumer<byte[], byte[]> reader() {
        return new KafkaConsumer<>(reading(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Creates a {@link #reader} of logs up to a known end. The broker responds almost immediately when there are no new
     * records, because the consumer cannot fetch from another position, or from another partition of this broker,
     * before it has this response.
     */
    KafkaConsumer<byte[], byte[]> logReader() {
        Map<String, Object> config = reading();
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LOG_FETCH_WAIT_MS);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Creates a {@link #reader} that has one record at a time in memory. */
    KafkaConsumer<byte[], byte[]> singleReader() {
        Map<String, Object> config = reading();
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Creates a producer that is ready for transactions: it has fenced the previous user of {@code transactionalId} and aborted
     * the transaction that this one left open. When that fails, nothing of the producer is left: its thread would go on trying,
     * and would fence a later producer when it succeeds.
     *
     * @throws org.apache.kafka.common.KafkaException when the brokers do not answer in time, or refuse
     */
    public KafkaProducer<byte[], byte[]> transactionalProducer(String transactionalId) {
        KafkaProducer<byte[], byte[]> producer = newTransactionalProducer(transactionalId);
        boolean ready = false;
        try {
            producer.initTransactions();
            ready = true;
            return producer;
        } finally {
            if (!ready) {
                producer.close(CLOSE_PATIENCE);
            }
        }
    }

    /** Closes a producer; what it has not sent by then is aborted. */
    public static void close(KafkaProducer<byte[], byte[]> producer) {
        producer.close(CLOSE_PATIENCE);
    }

    private KafkaProducer<byte[], byte[]> newTransactionalProducer(String transactionalId) {
        Map<String, Object> config = writing();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        // Consecutive commits can receive CONCURRENT_TRANSACTIONS errors; the default back-off would make them 20 times
        // slower.
        config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 1);
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        config.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        config.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Creates an idempotent producer without transactions. */
    public KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(writing(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> reading() {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        // Brokers that create topics on demand would give them settings that are not those that they must have.
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        return config;
    }

    private Map<String, Object> writing() {
        Map<String, Object> config = common();
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // A leader that does not know a producer yet accepts any sequence number from it. If it rejects the first batch
        // in flight and accepts the second, the first can never be sent again. With only one batch in flight, the order
        // of a lane is the order of sending.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, topics.maxRequestBytes());
        return config;
    }

    /** Returns the properties with which every client connects: the brokers, and what the settings add. */
    public Map<String, Object> connection() {
        return common();
    }

    private Map<String, Object> common() {
        Map<String, Object> config = new HashMap<>(settings.extra());
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        return config;
    }
}
