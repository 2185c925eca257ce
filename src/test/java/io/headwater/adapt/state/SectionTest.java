package io.headwater.adapt.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.ArtifactException;
import io.headwater.engine.weights.Tensor;
import io.headwater.testing.Sections;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SectionTest {

    @Property(tries = 50)
    void shouldReadTheBitsOfDoublesThatWereWritten(@ForAll double[] values) {
        SectionReader section = Sections.written(writer -> writer.doubles("values", values));

        assertThat(section.doubles("values", values.length)).containsExactly(values);
    }

    @Test
    void shouldRejectAnotherNumberOfDoubles() {
        SectionReader section = Sections.written(writer -> writer.doubles("values", new double[] {1, 2}));

        assertThatThrownBy(() -> section.doubles("values", 3))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("'part/values'")
                .hasMessageContaining("must hold 3 doubles, but holds 2");
    }

    @Property(tries = 50)
    void shouldReadIntegersOf64BitsThatWereWritten(@ForAll long[] values) {
        assertThat(Sections.written(writer -> writer.longs("values", values)).longs("values"))
                .containsExactly(values);
    }

    @Test
    void shouldReadTensorsOfSeveralTypes() {
        Tensor floats = new Tensor.F32(new int[] {1}, new float[] {1});
        Tensor longs = new Tensor.I64(new int[] {2, 1}, new long[] {3, 4});
        SectionReader section = Sections.written(writer -> {
            writer.tensors("sums", Map.of("x", floats, "y", longs));
            writer.longs("sum", new long[] {9});
        });

        Map<String, Tensor> read = section.anyTensors("sums");
        assertThat(read).containsOnlyKeys("x", "y");
        assertThat(read.get("y")).isInstanceOfSatisfying(Tensor.I64.class, tensor -> {
            assertThat(tensor.shape()).containsExactly(2, 1);
            assertThat(tensor.values()).containsExactly(3, 4);
        });
    }

    @Test
    void shouldSayWhichTensorHasAnotherType() {
        SectionReader section = Sections.written(writer -> {
            writer.ints("sizes", new int[] {1});
            writer.tensors("sums", Map.of("x", new Tensor.I64(new int[] {1}, new long[] {1})));
        });

        assertThatThrownBy(() -> section.longs("sizes"))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("sizes' of a checkpoint must hold 64-bit integers");
        assertThatThrownBy(() -> section.tensors("sums"))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("sums/x");
    }
}
