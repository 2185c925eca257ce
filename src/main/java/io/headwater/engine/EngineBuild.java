package io.headwater.engine;

/**
 * What the libraries of this build can compute on. Each is there once: ND4J with the one back end or the other, and ONNX
 * Runtime, which computes on the processor in either build, with CUDA or without.
 *
 * @param onnxCuda whether ONNX Runtime has CUDA
 * @param nd4jCuda whether ND4J has CUDA, and then nothing else
 */
record EngineBuild(boolean onnxCuda, boolean nd4jCuda) {

    /** By what is on the class path; starts nothing. */
    static EngineBuild current() {
        ClassLoader classes = EngineBuild.class.getClassLoader();
        return new EngineBuild(
                classes.getResource("ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so") != null,
                classes.getResource("org/nd4j/linalg/jcublas/JCublasBackend.class") != null);
    }
}
