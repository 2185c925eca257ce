package io.headwater.streams;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the answer to a request.
 *
 * @param prediction the value of a record with the prediction, without its region and with the probability of its answer alone; null when another adaptation
 *     answers the request
 * @param label the label that was joined last; null as long as there is none
 * @param shadow the value of a record with what a challenger would have answered, reduced as the prediction; null when none did
 */
record KnownAnswer(byte @Nullable [] prediction, @Nullable KnownLabel label, byte @Nullable [] shadow) {
    /** The answer to a request that another adaptation answers, so that its label is none of ours. */
    static final KnownAnswer ELSEWHERE = new KnownAnswer(null, null, null);

    /**
     * A label that was joined.
     *
     * @param value of a record with the late label, as of an unknown time of observation; equal labels have equal bytes
     * @param observed when it was observed, in milliseconds since the epoch
     * @param corrections how many labels it and those before it have corrected
     * @param score of the answer by this label
     */
    record KnownLabel(byte[] value, long observed, int corrections, double score) {}

    boolean isElsewhere() {
        return prediction == null;
    }

    KnownAnswer with(KnownLabel joined) {
        return new KnownAnswer(prediction, joined, shadow);
    }

    KnownAnswer withShadow(byte[] challenger) {
        return new KnownAnswer(prediction, label, challenger);
    }

    byte[] encode() {
        return StateFormat.write(out -> {
            StateFormat.write(out, prediction);
            KnownLabel known = label;
            StateFormat.write(out, known == null ? null : known.value());
            if (known != null) {
                out.writeLong(known.observed());
                out.writeInt(known.corrections());
                out.writeDouble(known.score());
            }
            // At the end and only where there is one, so that what was written before there were challengers is read.
            byte[] challenger = shadow;
            if (challenger != null) {
                StateFormat.write(out, challenger);
            }
        });
    }

    static KnownAnswer decode(byte[] bytes) {
        return StateFormat.read(bytes, in -> {
            byte[] prediction = StateFormat.readBytes(in);
            byte[] label = StateFormat.readBytes(in);
            KnownLabel known =
                    label == null ? null : new KnownLabel(label, in.readLong(), in.readInt(), in.readDouble());
            return new KnownAnswer(prediction, known, in.available() > 0 ? StateFormat.readBytes(in) : null);
        });
    }
}
