package io.headwater.engine.device;

/**
 * What the libraries of this build can compute on. Each is there once: ND4J with the one back end or the other, and ONNX
 * Runtime, which computes on the processor in either build, with CUDA or without.
 *
 * @param onnxCuda whether ONNX Runtime has CUDA
 * @param nd4jCuda whether ND4J has CUDA, and then nothing else
 * @param oneDnn whether Deeplearning4j's own layers compute with oneDNN
 */
public record EngineBuild(boolean onnxCuda, boolean nd4jCuda, boolean oneDnn) {
    public EngineBuild(boolean onnxCuda, boolean nd4jCuda) {
        this(onnxCuda, nd4jCuda, false);
    }

    /** By what is on the class path; starts nothing. */
    public static EngineBuild current() {
        ClassLoader classes = EngineBuild.class.getClassLoader();
        return new EngineBuild(
                classes.getResource("ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so") != null,
                classes.getResource("org/nd4j/linalg/jcublas/JCublasBackend.class") != null,
                // The class that the helpers of 1.0.0-M2.1 look for; only the build with oneDNN has it.
                classes.getResource("org/nd4j/nativeblas/Nd4jCpu.class") != null);
    }
}
