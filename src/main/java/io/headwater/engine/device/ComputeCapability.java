package io.headwater.engine.device;

/**
 * The version of a GPU's instruction set as numbered by NVIDIA, such as 8.6.
 *
 * @param major the generation; machine code of one generation does not run on another
 * @param minor the version within the generation; machine code runs on its own and on later versions
 */
record ComputeCapability(int major, int minor) {

    /**
     * Reads {@code 8.6}.
     *
     * @throws IllegalArgumentException if {@code text} does not have this form
     */
    static ComputeCapability parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a compute capability must be like 8.6, but is '" + text + "'");
        }
        return new ComputeCapability(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** Whether machine code for {@code code} runs on this GPU (CUDA C++ Programming Guide, "Binary Compatibility"). */
    boolean runs(ComputeCapability code) {
        return code.major == major && code.minor <= minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
