package io.headwater.streams;

import io.headwater.domain.Rejection;
import java.time.Duration;
import org.apache.kafka.streams.KafkaStreams;

/** Follows the work of the role {@code streams}, on its threads. Methods must be quick and not throw. */
public interface StreamsListener {
    /** A listener that does nothing. */
    StreamsListener NONE = new StreamsListener() {};

    /** An application is about to run; when the role recovers, it is another one. */
    default void opened(KafkaStreams application) {}

    /** The application no longer runs. */
    default void closed(KafkaStreams application) {}

    /** Something happened to a request or label; again when its transaction was aborted. */
    default void happened(JoinEvent event) {}

    /** A request got its first label {@code delay} after it came. */
    default void labelled(Duration delay) {}

    /** A label becomes a dead letter. */
    default void rejected(Rejection rejection) {}

    /** A record on {@code topic}, to which only Headwater should write, was skipped. */
    default void foreign(String topic) {}

    /** The role recovers from {@code cause}. */
    default void recovering(Exception cause) {}
}
