package io.headwater.engine.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import io.headwater.engine.BackboneException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The process's one environment of ONNX Runtime. */
public final class OnnxRuntime {
    // On Linux, ONNX Runtime 1.29.0 matches a regular expression against the process's command line as it starts,
    // recursing once a character: beyond about 4,000 of them a thread of the usual stack dies, and the process with it.
    // This holds the longest command line that Linux allows a single argument to have.
    private static final long STACK_BYTES = 64L << 20;

    private static final OrtEnvironment ENVIRONMENT = start();

    private OnnxRuntime() {}

    public static OrtEnvironment environment() {
        return ENVIRONMENT;
    }

    private static OrtEnvironment start() {
        FutureTask<OrtEnvironment> task = new FutureTask<>(new Start());
        new Thread(null, task, "onnxruntime-start", STACK_BYTES).start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new BackboneException("ONNX Runtime cannot start on this machine: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackboneException("ONNX Runtime was interrupted as it started", e);
        }
    }

    /** A class of its own: a method of the outer one would wait for the outer one to be initialised. */
    private static final class Start implements Callable<OrtEnvironment> {
        @Override
        public OrtEnvironment call() throws OrtException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            environment.setTelemetry(false);
            return environment;
        }
    }
}
