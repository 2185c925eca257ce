package io.headwater.engine.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.headwater.domain.Digest;
import io.headwater.engine.BackboneException;
import io.headwater.engine.Shared;
import io.headwater.engine.device.Compute;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * An ONNX Runtime session that waits for active runs before it closes: closing it during a run would crash the
 * process. All in this process who run the same model with the same options share one session of ONNX Runtime, which keeps no
 * state between runs; it is closed when the last of them closes theirs.
 */
final class GuardedSession implements AutoCloseable {
    private static final int FIRST_GPU = 0;
    private static final Shared<Key, OrtSession> SESSIONS = new Shared<>();

    /**
     * What a session depends on.
     *
     * @param model digest of the model, with all weights
     * @param fixedShape whether its inputs always have the same shape
     * @param compute the resources that it uses
     */
    private record Key(Digest model, boolean fixedShape, Compute compute) {}

    private final Key key;
    private final OrtSession session;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private GuardedSession(Key key, OrtSession session) {
        this.key = key;
        this.session = session;
    }

    /** Loads {@code model}, unless a session that is open has it already. */
    static GuardedSession open(byte[] model, boolean fixedShape, Compute compute) throws OrtException {
        Key key = new Key(Digest.of(model), fixedShape, compute);
        return new GuardedSession(key, SESSIONS.hold(key, () -> load(model, fixedShape, compute)));
    }

    private static OrtSession load(byte[] model, boolean fixedShape, Compute compute) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(compute.threads());
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setDeterministicCompute(true);
            // ONNX Runtime caches a memory plan per input shape without limit, which pays only for a single shape.
            options.setMemoryPatternOptimization(fixedShape);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (compute.device().isGpu()) {
                options.addCUDA(FIRST_GPU);
            }
            return OnnxRuntime.environment().createSession(model, options);
        }
    }

    /** Returns the number of sessions of ONNX Runtime that are open in this process. */
    static int count() {
        return SESSIONS.size();
    }

    /** A function of the session. */
    @FunctionalInterface
    interface Use<T> {
        T of(OrtSession session) throws OrtException;
    }

    /**
     * Applies {@code use} to the session and returns its result; several threads may do so at once.
     *
     * @throws IllegalStateException when the session is closed
     */
    <T> T use(Use<T> use) throws OrtException {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model is closed");
            }
            return use.of(session);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits for active uses to end, then closes the session; does nothing if it is closed already. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                Optional<OrtSession> unused = SESSIONS.release(key);
                if (unused.isPresent()) {
                    unused.get().close();
                }
            }
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot close its session", e);
        } finally {
            lock.writeLock().unlock();
        }
    }
}
