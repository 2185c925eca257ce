package io.headwater.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedNamesTest {
    @Test
    void shouldCopyProbabilities() {
        SharedNames names = new SharedNames();
        Map<String, Float> first = Map.of("b", 0.25f, "a", 0.75f);
        Map<String, Float> second = Map.of("c", 1f);

        assertThat(names.copy(first)).isEqualTo(first).hasSameHashCodeAs(first);
        assertThat(names.copy(second)).isEqualTo(second);
        assertThat(names.copy(Map.of())).isEmpty();
        Map<String, Float> copy = names.copy(first);
        assertThat(copy.keySet()).containsExactly("a", "b");
        assertThat(copy.get("c")).isNull();
        assertThat(copy.getOrDefault("c", -1f)).isEqualTo(-1f);
        assertThatThrownBy(() -> copy.put("a", 0f)).isInstanceOf(UnsupportedOperationException.class);
    }
}
