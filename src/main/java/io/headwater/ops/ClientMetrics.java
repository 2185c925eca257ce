package io.headwater.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tag;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Publishes metrics of the Kafka clients of the roles: of the consumers in their groups, with the lag of each partition, of the
 * transactional producers, and of the threads of Kafka Streams. Kafka creates it for each client, and tells it of every metric that begins or ends. Of the metrics per
 * topic, partition and broker only the lag is published, so that their number stays small.
 */
public final class ClientMetrics implements MetricsReporter {
    private static final Pattern GROUP = Pattern.compile(
            "(consumer-metrics|producer-metrics|consumer-fetch-manager-metrics|consumer-coordinator-metrics|stream-thread-metrics)");
    private static final String LAG = "records-lag";
    private static final Set<String> OF_CLIENT = Set.of("client-id");
    private static final Set<String> OF_THREAD = Set.of("thread-id");
    private static final Set<String> OF_PARTITION = Set.of("client-id", "topic", "partition");

    private final Map<MetricName, Meter> meters = new ConcurrentHashMap<>();
    private boolean isOfRole;

    @Override
    public void configure(Map<String, ?> configs) {
        isOfRole = configs.get(ConsumerConfig.GROUP_ID_CONFIG) != null
                || configs.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG) != null
                || configs.get(StreamsConfig.APPLICATION_ID_CONFIG) != null;
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        MetricName name = metric.metricName();
        if (isOfRole && isPublished(name) && metric.metricValue() instanceof Number) {
            metricRemoval(metric);
            meters.put(name, meter(metric));
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        @Nullable Meter meter = meters.remove(metric.metricName());
        if (meter != null) {
            Metrics.globalRegistry.remove(meter);
        }
    }

    private static boolean isPublished(MetricName name) {
        Set<String> tags = name.tags().keySet();
        return GROUP.matcher(name.group()).matches()
                && (tags.equals(OF_CLIENT)
                        || tags.equals(OF_THREAD)
                        || tags.equals(OF_PARTITION) && name.name().equals(LAG));
    }

    /** Returns a meter whose name is that of the group and the metric, such as {@code kafka.consumer.fetch.manager.records.lag}. */
    private static Meter meter(KafkaMetric metric) {
        MetricName name = metric.metricName();
        String full = ("kafka." + name.group().replace("-metrics", "") + "." + name.name()).replace('-', '.');
        List<Tag> tags = name.tags().entrySet().stream()
                .map(tag -> Tag.of(tag.getKey().replace('-', '.'), tag.getValue()))
                .toList();
        return name.name().endsWith("-total")
                ? FunctionCounter.builder(full, metric, ClientMetrics::value)
                        .tags(tags)
                        .description(name.description())
                        .register(Metrics.globalRegistry)
                : Gauge.builder(full, metric, ClientMetrics::value)
                        .tags(tags)
                        .description(name.description())
                        .register(Metrics.globalRegistry);
    }

    private static double value(KafkaMetric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Override
    public void close() {
        meters.values().forEach(Metrics.globalRegistry::remove);
        meters.clear();
    }
}
