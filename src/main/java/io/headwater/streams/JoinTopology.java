package io.headwater.streams;

import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology of the join. Labels, which are keyed by id and small, are moved to the partitions of their domains, where requests
 * and predictions are already; payloads are only copied into the state.
 */
final class JoinTopology {
    /** The names of the stores. */
    static final String OPEN_REQUESTS = "open-requests";

    static final String ANSWERS = "answers";
    static final String EARLY_LABELS = "early-labels";
    static final String DUE = "due";
    static final String RUNNING_EVALUATIONS = "running-evaluations";
    static final List<String> STORES = List.of(OPEN_REQUESTS, ANSWERS, EARLY_LABELS, DUE, RUNNING_EVALUATIONS);

    /** The names of the sinks, to which processors forward by name. */
    static final String SAMPLES = "samples";

    static final String EVALUATIONS = "label-evaluations";
    static final String DEAD_LETTERS = "dead-letters";
    static final String UNREADABLE = "unreadable-labels";

    private static final String BY_DOMAIN = "labels-by-domain";
    /** The names that Kafka Streams derives from that of a repartitioning. */
    static final String TO_DOMAINS = BY_DOMAIN + "-repartition-filter";

    private static final String FROM_DOMAINS = BY_DOMAIN + "-repartition-source";
    private static final String READ_LABELS = "read-labels";
    private static final String JOIN = "join";

    private JoinTopology() {}

    /**
     * Builds the topology.
     *
     * @param isForUnnamed whether this adaptation takes what is for no adaptation in particular
     * @param labelsUntil the time up to which all labels have been moved, in milliseconds since the epoch
     */
    static Topology of(StreamsSetup setup, BooleanSupplier isForUnnamed, LongSupplier labelsUntil) {
        return of(setup, isForUnnamed, labelsUntil, Stores::persistentKeyValueStore);
    }

    /**
     * Builds the topology.
     *
     * @param stores makes the store of a name
     */
    static Topology of(
            StreamsSetup setup,
            BooleanSupplier isForUnnamed,
            LongSupplier labelsUntil,
            Function<String, KeyValueBytesStoreSupplier> stores) {
        Topics topics = setup.clients().topics();
        BrokerTime time = new BrokerTime(setup.clock());
        StreamsBuilder labels = new StreamsBuilder();
        labels.stream(
                        topics.name(Topic.LABELS),
                        Consumed.with(RoutedKey.SERDE, Serdes.ByteArray())
                                .withTimestampExtractor(time)
                                .withOffsetResetPolicy(AutoOffsetReset.earliest())
                                .withName("labels"))
                .process(() -> new LabelReader(setup, isForUnnamed), Named.as(READ_LABELS))
                .repartition(Repartitioned.<RoutedKey, byte[]>as(BY_DOMAIN)
                        .withKeySerde(RoutedKey.SERDE)
                        .withValueSerde(Serdes.ByteArray())
                        .withNumberOfPartitions(topics.partitions())
                        .withStreamPartitioner(RoutedKey.PARTITIONER));
        Topology topology = labels.build();
        Deserializer<byte[]> values = Serdes.ByteArray().deserializer();
        topology.addSource(
                AutoOffsetReset.earliest(),
                "requests",
                time,
                RoutedKey.DESERIALIZER,
                values,
                topics.name(Topic.REQUESTS));
        topology.addSource(
                AutoOffsetReset.earliest(),
                "predictions",
                time,
                RoutedKey.DESERIALIZER,
                values,
                topics.name(Topic.PREDICTIONS));
        topology.addProcessor(
                JOIN,
                () -> new JoinProcessor(setup, isForUnnamed, labelsUntil),
                "requests",
                "predictions",
                FROM_DOMAINS);
        STORES.forEach(name -> topology.addStateStore(store(stores.apply(name), topics), JOIN));
        sink(topology, SAMPLES, topics.name(Topic.SAMPLES), JOIN);
        sink(topology, EVALUATIONS, topics.name(Topic.LABEL_EVALUATIONS), JOIN);
        sink(topology, DEAD_LETTERS, topics.name(Topic.DEAD_LETTERS), JOIN);
        sink(topology, UNREADABLE, topics.name(Topic.DEAD_LETTERS), READ_LABELS);
        return topology;
    }

    private static void sink(Topology topology, String name, String topic, String parent) {
        Serializer<byte[]> values = Serdes.ByteArray().serializer();
        topology.addSink(name, topic, RoutedKey.SERIALIZER, values, RoutedKey.PARTITIONER, parent);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(
            KeyValueBytesStoreSupplier supplier, Topics topics) {
        String most = Integer.toString(topics.maxRequestBytes());
        var store = Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, most));
        // Each label changes two evaluations, but only the last change before a commit has to be written.
        return supplier.name().equals(RUNNING_EVALUATIONS) ? store.withCachingEnabled() : store;
    }
}
