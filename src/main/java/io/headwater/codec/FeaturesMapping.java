package io.headwater.codec;

import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.Rejection.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Maps what featurizers compute to Avro records and back. */
final class FeaturesMapping {
    private FeaturesMapping() {}

    static io.headwater.events.FeaturizedRecord toAvro(FeaturizedRecord event) {
        return new io.headwater.events.FeaturizedRecord(
                event.adaptation(),
                VersionMapping.toAvro(event.computedBy()),
                event.topic(),
                event.offset(),
                event.features().stream().map(FeaturesMapping::toAvro).toList());
    }

    static FeaturizedRecord fromAvro(io.headwater.events.FeaturizedRecord event) {
        return new FeaturizedRecord(
                event.getAdaptation(),
                VersionMapping.fromAvro(event.getComputedBy()),
                event.getTopic(),
                event.getOffset(),
                event.getFeatures().stream().map(FeaturesMapping::fromAvro).toList());
    }

    private static io.headwater.events.PayloadFeatures toAvro(FeaturizedRecord.PayloadFeatures features) {
        float[] values = features.values();
        ByteBuffer bytes = little(ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length)));
        bytes.asFloatBuffer().put(values);
        return new io.headwater.events.PayloadFeatures(VersionMapping.toAvro(features.payload()), bytes);
    }

    private static FeaturizedRecord.PayloadFeatures fromAvro(io.headwater.events.PayloadFeatures event) {
        ByteBuffer bytes = little(event.getValues().duplicate());
        if (bytes.remaining() % Float.BYTES != 0) {
            throw new RejectionException(
                    Reason.MALFORMED,
                    "features must be numbers of 4 bytes each, but take %d bytes; only Headwater may write to their topic"
                            .formatted(bytes.remaining()));
        }
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new RejectionException(
                        Reason.NOT_FINITE,
                        "features must be finite, but number %d is %s; only Headwater may write to their topic"
                                .formatted(i, values[i]));
            }
        }
        return new FeaturizedRecord.PayloadFeatures(VersionMapping.fromAvro(event.getPayload()), values);
    }

    private static ByteBuffer little(ByteBuffer bytes) {
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }
}
