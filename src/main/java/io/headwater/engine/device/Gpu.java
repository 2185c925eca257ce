package io.headwater.engine.device;

import java.util.Arrays;

/**
 * A GPU as reported by {@code nvidia-smi --query-gpu=name,compute_cap,driver_version,memory.total
 * --format=csv,noheader}.
 *
 * @param name name, such as NVIDIA A10
 * @param capability compute capability
 * @param driver version of the machine's driver, such as 535.104.05
 * @param memory size of its memory, such as 23028 MiB
 */
record Gpu(String name, ComputeCapability capability, String driver, String memory) {
    private static final int FIELDS = 4;

    /**
     * Reads a line of nvidia-smi.
     *
     * @throws IllegalArgumentException if the line does not have this format
     */
    static Gpu parse(String line) {
        String[] fields = Arrays.stream(line.split(",", -1)).map(String::strip).toArray(String[]::new);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException(
                    "nvidia-smi must answer with name, compute capability, driver and memory, but said '" + line + "'");
        }
        versionOf(fields[2]);
        return new Gpu(fields[0], ComputeCapability.parse(fields[1]), fields[2], fields[3]);
    }

    /** Whether the driver is {@code minimum} or newer. */
    boolean hasDriver(String minimum) {
        return Arrays.compare(versionOf(driver), versionOf(minimum)) >= 0;
    }

    private static int[] versionOf(String driver) {
        return Arrays.stream(driver.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @Override
    public String toString() {
        return "%s (compute capability %s, driver %s, %s)".formatted(name, capability, driver, memory);
    }
}
