package io.headwater.streams;

/**
 * A request that waits for its label.
 *
 * @param time at which the broker took it, in milliseconds since the epoch
 * @param isNamed whether it names this adaptation
 * @param value of its record, unchanged, so that the payload is written once and decoded once more at most
 */
record OpenRequest(long time, boolean isNamed, byte[] value) {
    byte[] encode() {
        return StateFormat.write(out -> {
            out.writeLong(time);
            out.writeBoolean(isNamed);
            out.write(value);
        });
    }

    static OpenRequest decode(byte[] bytes) {
        return StateFormat.read(bytes, in -> new OpenRequest(in.readLong(), in.readBoolean(), in.readAllBytes()));
    }
}
