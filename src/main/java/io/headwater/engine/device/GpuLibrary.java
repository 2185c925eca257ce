package io.headwater.engine.device;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A library that can compute on a GPU, and the requirements of its published binaries: the compute capabilities of the
 * machine code in their fat binaries, as found in the files of ND4J 1.0.0-M2.1 and ONNX Runtime 1.28.0.
 */
enum GpuLibrary {
    /** Contains machine code but no PTX, so GPUs newer than the Ampere and Ada generation cannot run it. */
    ND4J("ND4J", "CUDA 11.6", "450.80.02", "3.7 5.0 5.2 6.0 6.1 7.0 7.5 8.0 8.6"),
    /** Microsoft's build. */
    ONNX_RUNTIME("ONNX Runtime", "CUDA 12", "525.60.13", "6.0 7.0 7.5 8.0 8.6 9.0 12.0");

    private final String title;
    private final String cuda;
    /**
     * The minimum driver for the major release of CUDA (NVIDIA, "CUDA Compatibility", minor version compatibility,
     * Linux).
     */
    private final String driver;

    private final List<ComputeCapability> codes;

    GpuLibrary(String title, String cuda, String driver, String codes) {
        this.title = title;
        this.cuda = cuda;
        this.driver = driver;
        this.codes = Arrays.stream(codes.split(" ", -1))
                .map(ComputeCapability::parse)
                .toList();
    }

    /** The reason why it cannot compute on {@code gpu}; empty if it can. */
    Optional<String> objection(Gpu gpu) {
        if (codes.stream().noneMatch(gpu.capability()::runs)) {
            String known = codes.stream().map(String::valueOf).collect(Collectors.joining(", "));
            return Optional.of(
                    "%s has code for compute capability %s and none that runs on %s".formatted(title, known, gpu));
        }
        if (!gpu.hasDriver(driver)) {
            return Optional.of(
                    "%s needs a driver for %s, %s or newer, but there is %s".formatted(title, cuda, driver, gpu));
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return title;
    }
}
