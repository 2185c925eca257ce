package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.domain.Outcome;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record of the samples topic after everything that needs no state of its lane.
 *
 * @param record as it came
 * @param domain its key; empty when the key is bad
 * @param example what to learn, or why it cannot be used
 */
record Prepared(ConsumerRecord<byte[], byte[]> record, String domain, Outcome<Example> example) {}
