package io.headwater.codec;

import java.io.ByteArrayOutputStream;

/** Collects the bytes of an event, and stops as soon as there are more than its topic can hold. */
final class LimitedOutput extends ByteArrayOutputStream {
    private final String event;
    private final int most;

    LimitedOutput(String event, int most) {
        this.event = event;
        this.most = most;
    }

    @Override
    public synchronized void write(int b) {
        require(1);
        super.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        require(length);
        super.write(bytes, offset, length);
    }

    private void require(int more) {
        if (more > most - count) {
            throw new EventTooLargeException(event, most);
        }
    }
}
