package io.headwater.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineInfoTest {

    @Test
    void shouldNameWhatCouldChangeTheBytes() {
        Map<String, String> info = EngineInfo.current();

        assertThat(info)
                .containsKeys("java.version", "os", "cpus", "nd4j.threads", "nd4j.binary", "nd4j.backend", "nd4j.blas")
                .containsEntry("nd4j.version", "1.0.0-M2.1")
                .hasEntrySatisfying(
                        "onnxruntime.version", version -> assertThat(version).matches("1\\.\\d+\\.\\d+"));
        assertThat(EngineInfo.current()).isSameAs(info);
    }
}
