package io.headwater.codec;

import io.headwater.domain.Rejection.Reason;
import java.util.AbstractList;
import java.util.List;

/** Arrays of numbers between Avro, which wants lists, and the domain. */
final class Floats {

    private Floats() {}

    /** A view of {@code values}. */
    static List<Float> write(float[] values) {
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
    static float[] read(String what, List<Float> values) {
        float[] array = new float[values.size()];
        int i = 0;
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new Refusal(
                        Reason.NOT_FINITE,
                        what + " must hold finite numbers, but number " + i + " is " + value + "; drop or repair it");
            }
            array[i++] = value;
        }
        return array;
    }
}
