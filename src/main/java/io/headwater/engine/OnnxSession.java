package io.headwater.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A model with one output in ONNX Runtime. Safe for use by several threads. */
final class OnnxSession implements AutoCloseable {
    private static final int FIRST_GPU = 0;

    private final OrtSession session;
    // A session closed under a run takes the process down; runs hold the read lock.
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private OnnxSession(OrtSession session) {
        this.session = session;
    }

    /** What a run gives: row-major values and their shape. */
    record Output(float[] values, long[] shape) {}

    /** Loads {@code model} on the CPU; each run uses {@code threads} threads. */
    static OnnxSession open(byte[] model, int threads, boolean fixedShape) {
        return open(model, threads, fixedShape, Device.CPU);
    }

    /** Loads {@code model} on {@code device}; what runs on the CPU uses {@code threads} threads. */
    static OnnxSession open(byte[] model, int threads, boolean fixedShape, Device device) {
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setDeterministicCompute(true);
            // A memory plan is kept for each input shape for ever: worth it where there is only one.
            options.setMemoryPatternOptimization(fixedShape);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (device.isGpu()) {
                options.addCUDA(FIRST_GPU);
            }
            return new OnnxSession(environment.createSession(model, options));
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot load the model below the cut: " + e.getMessage(), e);
        }
    }

    /** Its inputs by name. */
    Map<String, TensorInfo> inputs() {
        try {
            Map<String, TensorInfo> inputs = new LinkedHashMap<>();
            session.getInputInfo().forEach((name, info) -> {
                if (info.getInfo() instanceof TensorInfo tensor) {
                    inputs.put(name, tensor);
                } else {
                    throw new BackboneException("input '" + name + "' of the model must be a tensor, but is "
                            + info.getInfo() + "; use another model");
                }
            });
            return inputs;
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot tell the inputs of the model", e);
        }
    }

    /** Runs it on {@code inputs}, which are closed. float16 is widened. */
    Output run(Map<String, OnnxTensor> inputs) throws OrtException {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the backbone is closed");
            }
            try (OrtSession.Result result = session.run(inputs)) {
                OnnxTensor output = (OnnxTensor) result.get(0);
                var floats = output.getFloatBuffer();
                if (floats == null) {
                    throw new BackboneException("the tensor at the cut must be float32 or float16, but is "
                            + output.getInfo().type + "; choose another cut");
                }
                float[] values = new float[floats.remaining()];
                floats.get(values);
                return new Output(values, output.getInfo().getShape());
            }
        } finally {
            lock.readLock().unlock();
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot close its session", e);
        } finally {
            lock.writeLock().unlock();
        }
    }
}
