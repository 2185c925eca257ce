package io.headwater.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.ConfigurationException;
import io.headwater.config.DeviceChoice;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uses lines as nvidia-smi prints them for these devices. */
class DevicesTest {
    private static final EngineBuild OF_CPU = new EngineBuild(false, false);
    private static final EngineBuild OF_CUDA = new EngineBuild(true, true);
    private static final EngineBuild OF_CUDA_BACKBONE = new EngineBuild(true, false);

    private static final String A10 = "NVIDIA A10, 8.6, 535.104.05, 23028 MiB";
    private static final String H100 = "NVIDIA H100 80GB HBM3, 9.0, 550.54.15, 81559 MiB";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Tesla K80, 3.7, 470.223.02, 11441 MiB | no | yes",
                "NVIDIA GeForce GTX 1080, 6.1, 535.183.01, 8192 MiB | yes | yes",
                "Tesla V100-SXM2-16GB, 7.0, 535.104.12, 16384 MiB | yes | yes",
                "Tesla T4, 7.5, 550.90.07, 15360 MiB | yes | yes",
                "NVIDIA A100-SXM4-40GB, 8.0, 525.60.13, 40960 MiB | yes | yes",
                A10 + " | yes | yes",
                "NVIDIA L4, 8.9, 550.54.15, 23034 MiB | yes | yes",
                H100 + " | yes | no",
                "NVIDIA H200, 9.0, 565.57.01, 143771 MiB | yes | no",
                "NVIDIA B200, 10.0, 570.86.15, 183359 MiB | no | no",
                "NVIDIA GeForce RTX 5090, 12.0, 570.86.16, 32607 MiB | yes | no",
                "NVIDIA A10, 8.6, 525.60.12, 23028 MiB | no | yes",
                "NVIDIA A10, 8.6, 450.80.01, 23028 MiB | no | no",
            })
    void shouldKnowWhatEachLibraryRunsOn(String line, String onnxRuntime, String nd4j) {
        Gpu gpu = Gpu.parse(line);

        assertThat(GpuLibrary.ONNX_RUNTIME.objection(gpu).isEmpty()).isEqualTo(onnxRuntime.equals("yes"));
        assertThat(GpuLibrary.ND4J.objection(gpu).isEmpty()).isEqualTo(nd4j.equals("yes"));
    }

    @Test
    void shouldUseTheGpuForBothWhereBothCan() {
        Devices devices = Devices.choose(Optional.empty(), OF_CUDA, card(A10));

        assertThat(devices.onnxRuntime()).isEqualTo(new Device.Cuda(Gpu.parse(A10)));
        assertThat(devices.nd4j()).isEqualTo(devices.onnxRuntime());
        assertThat(devices.nd4j()).hasToString("gpu NVIDIA A10 (compute capability 8.6, driver 535.104.05, 23028 MiB)");
    }

    @Test
    void shouldPutTheHeadOnTheCpuAndTheBackboneOnTheGpuOnHopperInTheBuildForThat() {
        Devices devices = Devices.choose(Optional.empty(), OF_CUDA_BACKBONE, card(H100));

        assertThat(devices.onnxRuntime().isGpu()).isTrue();
        assertThat(devices.nd4j()).isEqualTo(Device.CPU);
    }

    @Test
    void shouldRefuseAHeadOnHopperInTheBuildThatHasNoOther() {
        for (DeviceChoice choice : new DeviceChoice[] {DeviceChoice.GPU, DeviceChoice.GPU_OR_CPU}) {
            assertThatThrownBy(() -> Devices.choose(Optional.of(choice), OF_CUDA, card(H100)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("the head cannot use a gpu")
                    .hasMessageContaining("NVIDIA H100 80GB HBM3 (compute capability 9.0")
                    .hasMessageContaining("3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0, 8.6")
                    .hasMessageContaining("-Pcuda-backbone")
                    .hasMessageNotContaining("the backbone");
        }
    }

    @Test
    void shouldRefuseOrFallBackWithoutADriver() {
        Supplier<GpuSurvey> none = () -> new GpuSurvey.Missing("there is no NVIDIA driver");

        assertThatThrownBy(() -> Devices.choose(Optional.empty(), OF_CUDA_BACKBONE, none))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the backbone cannot use a gpu: there is no NVIDIA driver")
                .hasMessageContaining("HEADWATER_DEVICE");

        Devices devices = Devices.choose(Optional.of(DeviceChoice.GPU_OR_CPU), OF_CUDA_BACKBONE, none);
        assertThat(devices.onnxRuntime()).isEqualTo(new Device.Fallback("there is no NVIDIA driver"));
        assertThat(devices.onnxRuntime().isFallback()).isTrue();
        assertThat(devices.onnxRuntime()).hasToString("cpu");
        assertThat(devices.nd4j()).isEqualTo(Device.CPU);
        assertThat(EngineInfo.of(devices, 2))
                .containsEntry("onnxruntime.device", "cpu")
                .containsEntry("onnxruntime.fallback", "there is no NVIDIA driver")
                .containsEntry("onnxruntime.threads", "2")
                .containsEntry("nd4j.device", "cpu");
    }

    @Test
    void shouldNameEveryPartThatCannot() {
        assertThatThrownBy(() ->
                        Devices.choose(Optional.empty(), OF_CUDA, card("NVIDIA B200, 10.0, 570.86.15, 183359 MiB")))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.faults()).hasSize(2));
    }

    @Test
    void shouldAskNoMachineWhereTheProcessorIsMeant() {
        Supplier<GpuSurvey> nobody = () -> {
            throw new AssertionError("asked");
        };

        assertThat(Devices.choose(Optional.empty(), OF_CPU, nobody)).isEqualTo(Devices.CPU);
        assertThat(Devices.choose(Optional.of(DeviceChoice.CPU), OF_CPU, nobody))
                .isEqualTo(Devices.CPU);
        assertThat(Devices.choose(Optional.of(DeviceChoice.CPU), OF_CUDA_BACKBONE, nobody))
                .isEqualTo(Devices.CPU);
    }

    @Test
    void shouldSayWhatABuildLacks() {
        assertThatThrownBy(() -> Devices.choose(Optional.of(DeviceChoice.GPU), OF_CPU, card(A10)))
                .hasMessageContaining("no CUDA; build with -Pcuda");
        assertThatThrownBy(() -> Devices.choose(Optional.of(DeviceChoice.CPU), OF_CUDA, card(A10)))
                .hasMessageContaining("its ND4J has CUDA alone");
        assertThat(Devices.choose(Optional.of(DeviceChoice.GPU_OR_CPU), OF_CPU, card(A10))
                        .onnxRuntime()
                        .isFallback())
                .isTrue();
    }

    @Test
    void shouldComputeOnTheProcessorInThisBuild() {
        assertThat(Devices.choose(Optional.empty())).isEqualTo(Devices.CPU);
    }

    private static Supplier<GpuSurvey> card(String line) {
        return () -> new GpuSurvey.Found(Gpu.parse(line));
    }
}
