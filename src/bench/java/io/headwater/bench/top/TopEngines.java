package io.headwater.bench.top;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The engines that are compared, each in a process of its own with one thread. */
enum TopEngines {
    FORWARD("ForwardTop", List.of(), Map.of()),
    HEADWATER("HeadwaterTop", List.of(), Map.of()),
    /**
     * Configured for speed: PyTorch allocates and frees tensors continually, and by default their memory is returned
     * to the system each time.
     */
    PYTORCH(
            "PyTorchTop",
            List.of(
                    "-Dai.djl.pytorch.num_threads=1",
                    "-Dai.djl.pytorch.num_interop_threads=1",
                    "-Dai.djl.offline=true",
                    "-DDJL_CACHE_DIR=target/bench/djl"),
            Map.of(
                    "MALLOC_ARENA_MAX", "1",
                    "MALLOC_TRIM_THRESHOLD_", "4294967296",
                    // The largest value that glibc accepts.
                    "MALLOC_MMAP_THRESHOLD_", "33554432"));

    private final String engine;
    private final List<String> flags;
    private final Map<String, String> settings;

    TopEngines(String engine, List<String> flags, Map<String, String> settings) {
        this.engine = engine;
        this.flags = flags;
        this.settings = settings;
    }

    TopProcess start(TopCase top, Path folder) throws IOException {
        return start(engine, List.of(top.name(), folder.toString()));
    }

    /**
     * Starts another class in this configuration.
     *
     * @param engine name of the class in this package
     * @param arguments arguments of the class
     */
    TopProcess start(String engine, List<String> arguments) throws IOException {
        return TopProcess.start(engine, arguments, flags, settings);
    }
}
