package io.headwater.engine.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import io.headwater.engine.BackboneException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The ONNX Runtime environment of the process. */
public final class OnnxRuntime {
    // On Linux, ONNX Runtime 1.29.0 matches a regular expression against the command line of the process at startup,
    // with one level of recursion per character. Beyond about 4,000 characters, this overflows the default stack of a
    // thread and crashes the process. This size suffices for the longest command line that Linux allows as a single
    // argument.
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

    /** A nested class, because a method of the outer class would block until the outer class is initialised. */
    private static final class Start implements Callable<OrtEnvironment> {
        @Override
        public OrtEnvironment call() throws OrtException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            environment.setTelemetry(false);
            return environment;
        }
    }
}
