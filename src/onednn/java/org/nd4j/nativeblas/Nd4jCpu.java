package org.nd4j.nativeblas;

/**
 * What the helpers of Deeplearning4j 1.0.0-M2.1 ask whether oneDNN is there: they look for this name, and the class moved
 * to another. Only the build with oneDNN has it.
 */
public final class Nd4jCpu {
    private Nd4jCpu() {}

    /** The native library's settings, of which the helpers ask one. */
    public static final class Environment {
        private static final Environment INSTANCE = new Environment();

        private Environment() {}

        /** The one there is. */
        public static Environment getInstance() {
            return INSTANCE;
        }

        /** Whether the binary holds oneDNN. */
        public boolean isUseMKLDNN() {
            return true;
        }
    }
}
