package io.headwater.codec;

import io.headwater.domain.Rejection.Reason;
import java.util.AbstractList;
import java.util.List;

/** Arrays of numbers of the domain as the lists that Avro expects, and back. */
final class Floats {

    private Floats() {}

    /** A view of {@code values}. */
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

    /** A copy of {@code values}, each of which must be finite; {@code what} names them. */
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
