package io.headwater.engine.device;

import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.factory.Nd4j;

/** Starts ND4J once per process, without its log messages and without its periodic calls of the garbage collector. */
public final class Nd4jRuntime {
    static {
        setDefault(ND4JSystemProperties.LOG_INITIALIZATION, "false");
        if (EngineBuild.current().oneDnn()) {
            // Read when a layer is created; in the release the helpers are disabled by default.
            setDefault("org.eclipse.deeplearning4j.helpers.disable", "false");
        }
        // The limit would apply to the whole process including ONNX Runtime, and would query the kernel at every
        // allocation.
        setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        // Heads free their arrays themselves; a full collection every few seconds would only pause the stream.
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        Nd4j.getMemoryManager().setAutoGcWindow(Integer.MAX_VALUE);
    }

    private Nd4jRuntime() {}

    /** Starts ND4J if necessary, and returns when it has started. */
    public static void start() {
        // The work is done by the class's initialisation.
    }

    /** Whether its arrays are in memory that other libraries on the CPU can read and write. */
    public static boolean sharesMemory() {
        start();
        return Nd4j.getBackend().getClass().getSimpleName().equals("CpuBackend");
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
