package io.headwater.engine.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.engine.BackboneException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A session of ONNX Runtime that is closed only when nobody runs it: one closed under a run takes the process down. */
final class GuardedSession implements AutoCloseable {
    private final OrtSession session;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    GuardedSession(OrtSession session) {
        this.session = session;
    }

    /** Something that needs the session. */
    @FunctionalInterface
    interface Use<T> {
        T of(OrtSession session) throws OrtException;
    }

    /**
     * What {@code use} makes of the session; several threads may use it at once.
     *
     * @throws IllegalStateException when it is closed
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

    /** Waits for those who use it; a second time does nothing. */
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
