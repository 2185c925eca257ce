package io.headwater.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParameterLayoutTest {

    @Test
    void shouldHoldColumnMajorWhatRestsRowMajor() {
        ParameterLayout layout = new ParameterLayout(List.of(
                new ParameterSlot("b", new int[] {2}, 'c', 7, 0, false),
                new ParameterSlot("W", new int[] {2, 3}, 'f', 1, 0, true)));
        try (INDArray vector = Nd4j.createFromArray(-1f, 1, 4, 2, 5, 3, 6, 8, 9, -1)) {
            assertThat(layout.read(vector))
                    .hasEntrySatisfying(
                            "W", tensor -> assertThat(tensor.values()).containsExactly(1, 2, 3, 4, 5, 6));
            assertThat(layout.read(vector))
                    .hasEntrySatisfying(
                            "b", tensor -> assertThat(tensor.values()).containsExactly(8, 9));
            assertThat(layout.size()).isEqualTo(9);
        }
    }

    @Test
    void shouldReadWhatItWrote() {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            try (INDArray from = Nd4j.createFromArray(OptimiserRig.random(1, 1));
                    INDArray to = Nd4j.create(type, 1, OptimiserRig.SIZE)) {
                OptimiserRig.LAYOUT.write(to, OptimiserRig.LAYOUT.read(from));

                OptimiserRig.LAYOUT
                        .slots()
                        .forEach(slot -> assertThat(ParameterLayout.view(to, slot.offset(), slot.length())
                                        .toDoubleVector())
                                .isEqualTo(ParameterLayout.view(from, slot.offset(), slot.length())
                                        .toDoubleVector()));
                assertThat(to.getDouble(0)).isZero();
            }
        }
    }

    @Test
    void shouldRefuseParametersThatOverlapOrShareAName() {
        ParameterSlot first = new ParameterSlot("a", new int[] {3}, 'c', 0, 0, false);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new ParameterLayout(List.of(first, new ParameterSlot("b", new int[] {1}, 'c', 2, 0, false))))
                .withMessageContaining("b begins at 2, before the end of the one below at 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new ParameterLayout(List.of(first, new ParameterSlot("a", new int[] {1}, 'c', 3, 0, false))))
                .withMessageContaining("different names, but two are a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterLayout(List.of()))
                .withMessageContaining("at least 1 trained parameter");
    }
}
