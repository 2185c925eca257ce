package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.domain.Outcome;
import io.headwater.intake.PreparedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record of the samples topic after all processing that does not need the state of its lane.
 *
 * @param record the original record
 * @param domain its key; empty when the key is bad
 * @param example the training example, or the reason why the record cannot be used
 */
public record Prepared(ConsumerRecord<byte[], byte[]> record, String domain, Outcome<Example> example)
        implements PreparedRecord {}
