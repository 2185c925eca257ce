package io.headwater.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuSurveyTest {

    @Test
    void shouldTakeTheFirstOfSeveral() {
        String answer = "Tesla T4, 7.5, 550.90.07, 15360 MiB\nNVIDIA L4, 8.9, 550.90.07, 23034 MiB\n";

        assertThat(GpuSurvey.read("nvidia-smi", 0, answer))
                .isEqualTo(new GpuSurvey.Found(
                        new Gpu("Tesla T4", new ComputeCapability(7, 5), "550.90.07", "15360 MiB")));
    }

    @Test
    void shouldSayWhatADriverThatFailsSays() {
        String answer = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."
                + " Make sure that the latest NVIDIA driver is installed and running.\n";

        assertThat(GpuSurvey.read("nvidia-smi", 9, answer))
                .isInstanceOfSatisfying(
                        GpuSurvey.Missing.class,
                        missing -> assertThat(missing.reason())
                                .startsWith("nvidia-smi failed with status 9: NVIDIA-SMI has failed because"));
        assertThat(GpuSurvey.read("nvidia-smi", 0, "No devices were found\n"))
                .isInstanceOfSatisfying(
                        GpuSurvey.Missing.class,
                        missing -> assertThat(missing.reason()).contains("No devices were found"));
        assertThat(GpuSurvey.read("nvidia-smi", 0, "")).isEqualTo(new GpuSurvey.Missing("nvidia-smi lists no GPU"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Tesla T4, 7.5, 550.90.07",
                "Tesla T4, [N/A], 550.90.07, 15360 MiB",
                "Tesla T4, 7.5, [N/A], 15360 MiB",
                "Tesla T4, 7.5.1, 550, 15360 MiB",
            })
    void shouldNotTakeWhatItCannotRead(String line) {
        assertThat(GpuSurvey.read("nvidia-smi", 0, line)).isInstanceOf(GpuSurvey.Missing.class);
    }

    @Test
    void shouldAskAProgram() {
        assertThat(GpuSurvey.ask(List.of("echo", "Tesla T4, 7.5, 550.90.07, 15360 MiB")))
                .isInstanceOf(GpuSurvey.Found.class);
        assertThat(GpuSurvey.ask(List.of("false"))).isEqualTo(new GpuSurvey.Missing("false failed with status 1: "));
        assertThat(GpuSurvey.ask(List.of("there-is-no-such-program")))
                .isEqualTo(
                        new GpuSurvey.Missing("there is no NVIDIA driver: there-is-no-such-program cannot be started"));
    }
}
