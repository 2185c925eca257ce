package io.headwater.featurizer;

import io.headwater.domain.FeaturizedRecord.PayloadFeatures;
import io.headwater.intake.PreparedRecord;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A sample or request with the features of its payloads.
 *
 * @param features empty if none are needed, or if none can be computed
 */
record Featurized(ConsumerRecord<byte[], byte[]> record, List<PayloadFeatures> features) implements PreparedRecord {}
