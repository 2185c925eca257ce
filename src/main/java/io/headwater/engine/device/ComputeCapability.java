package io.headwater.engine.device;

/**
 * What a GPU's instructions are, by NVIDIA's numbers, such as 8.6.
 *
 * @param major generation; code of one runs on no other
 * @param minor within it; code runs on its own and on later ones
 */
record ComputeCapability(int major, int minor) {

    /**
     * Reads {@code 8.6}.
     *
     * @throws IllegalArgumentException when {@code text} is something else
     */
    static ComputeCapability parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a compute capability must be like 8.6, but is '" + text + "'");
        }
        return new ComputeCapability(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** Whether machine code for {@code code} runs here (CUDA C++ Programming Guide, "Binary Compatibility"). */
    boolean runs(ComputeCapability code) {
        return code.major == major && code.minor <= minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
