package io.headwater.engine.device;

/**
 * The devices that the libraries of this build support. ND4J has exactly one back end, for the CPU or for CUDA. ONNX
 * Runtime always supports the CPU, with or without CUDA.
 *
 * @param onnxCuda whether ONNX Runtime supports CUDA
 * @param nd4jCuda whether ND4J has the CUDA back end, and therefore no other
 * @param oneDnn whether Deeplearning4j's layers use oneDNN
 */
public record EngineBuild(boolean onnxCuda, boolean nd4jCuda, boolean oneDnn) {
    public EngineBuild(boolean onnxCuda, boolean nd4jCuda) {
        this(onnxCuda, nd4jCuda, false);
    }

    /** Determines the build from the class path, without starting a library. */
    public static EngineBuild current() {
        ClassLoader classes = EngineBuild.class.getClassLoader();
        return new EngineBuild(
                classes.getResource("ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so") != null,
                classes.getResource("org/nd4j/linalg/jcublas/JCublasBackend.class") != null,
                // The class that the helpers of Deeplearning4j 1.0.0-M2.1 look for; only the build with oneDNN contains
                // it.
                classes.getResource("org/nd4j/nativeblas/Nd4jCpu.class") != null);
    }
}
