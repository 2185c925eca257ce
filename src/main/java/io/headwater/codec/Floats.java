package io.headwater.codec;

import io.headwater.domain.Rejection.Reason;
import java.util.AbstractList;
import java.util.List;

/** Converts float arrays of the domain model to the lists that Avro expects, and back. */
final class Floats {

    private Floats() {}

    /** Returns a view of {@code values}. */
    static List<Float> asList(float[] values) {
        return new AbstractList<>() {
            @Override
            public Float get(int index) {
                return values[index];
            }

            @Override
            public int size() {
                return values.length;
            }
        };
    }

    /** Copies {@code values}, each of which must be finite; {@code what} names them in messages. */
    static float[] toFiniteArray(String what, List<Float> values) {
        float[] array = new float[values.size()];
        int i = 0;
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new RejectionException(
                        Reason.NOT_FINITE,
                        what + " must hold finite numbers, but number " + i + " is " + value + "; drop or repair it");
            }
            array[i++] = value;
        }
        return array;
    }
}
