package io.headwater.streams;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** Tells whether an application does anything: its threads look for records, or its state is being restored. */
final class Heartbeat {
    private static final String OF_THREADS = "stream-thread-metrics";
    private static final String POLLS = "poll-total";

    private final KafkaStreams application;
    private final Restoring restoring;
    private double polls;
    private long left;

    Heartbeat(KafkaStreams application, Restoring restoring) {
        this.application = application;
        this.restoring = restoring;
    }

    /** Returns whether something was done since the last call. */
    boolean beats() {
        double pollsBefore = polls;
        long leftBefore = left;
        polls = polls();
        left = restoring.left();
        return polls != pollsBefore || left != leftBefore;
    }

    private double polls() {
        double sum = 0;
        for (Map.Entry<MetricName, ? extends Metric> one : application.metrics().entrySet()) {
            MetricName name = one.getKey();
            if (name.name().equals(POLLS) && name.group().equals(OF_THREADS)) {
                sum += ((Number) one.getValue().metricValue()).doubleValue();
            }
        }
        return sum;
    }
}
