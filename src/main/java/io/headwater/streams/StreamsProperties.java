package io.headwater.streams;

import io.headwater.kafka.Clients;
import io.headwater.kafka.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The properties of the application. */
final class StreamsProperties {
    /** Records of a partition in memory, each of which may have the maximum size. */
    private static final int BUFFERED_RECORDS = 2 * Clients.POLL_RECORDS;

    private static final int DEFAULT_OF_BROKERS = -1;

    private StreamsProperties() {}

    static StreamsConfig of(StreamsSetup setup) {
        StreamsSettings settings = setup.settings();
        Topics topics = setup.clients().topics();
        Map<String, Object> properties = new HashMap<>(setup.clients().connection());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, setup.group());
        properties.put(StreamsConfig.CLIENT_ID_CONFIG, setup.group() + "-" + setup.instance());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.folder().toString());
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemory.class);
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
        properties.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG,
                topics.replication() > 0 ? (int) topics.replication() : DEFAULT_OF_BROKERS);
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                Integer.toString(topics.maxRequestBytes()));
        if (topics.minInSyncReplicas() > 0) {
            properties.put(
                    StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                    Integer.toString(topics.minInSyncReplicas()));
        }
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), Clients.POLL_RECORDS);
        // A process that comes back under its name gets its partitions at once, not only after the group has missed it.
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), setup.instance());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), topics.maxRequestBytes());
        // As for all producers of Headwater: the order of sending is the order of a lane.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        return new StreamsConfig(properties);
    }
}
