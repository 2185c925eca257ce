package io.headwater.engine.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.engine.BackboneException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * An ONNX Runtime session that waits for active runs before it closes: closing it during a run would crash the
 * process.
 */
final class GuardedSession implements AutoCloseable {
    private final OrtSession session;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    GuardedSession(OrtSession session) {
        this.session = session;
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
                session.close();
            }
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot close its session", e);
        } finally {
            lock.writeLock().unlock();
        }
    }
}
