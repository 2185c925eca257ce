package io.headwater.fuzz;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Command;
import io.headwater.domain.Label;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.SchemaNormalization;

/** Values of records of every topic: the first byte is the number of the type of event, and the rest is the value. */
class EventFuzzTest extends ReaderFuzzing {
    private static final Codec CODEC = new Codec(16 << 20);
    private static final Payload TEXT = new Payload.Text("yes");
    private static final Label LABEL = new Label.ClassLabel("good");

    @Override
    void read(byte[] bytes) {
        if (bytes.length > 0) {
            EventType<?> type = EventType.ALL.get((bytes[0] & 0xff) % EventType.ALL.size());
            decode(type, Arrays.copyOfRange(bytes, 1, bytes.length));
        }
    }

    private static <T> void decode(EventType<T> type, byte[] value) {
        if (CODEC.decode(type, value) instanceof Outcome.Ok<T> event) {
            CODEC.encode(type, event.value());
        }
    }

    @Override
    Stream<byte[]> seeds() {
        Stream<byte[]> payloads = Stream.of(
                        TEXT,
                        new Payload.TextPair("who?", "we"),
                        new Payload.EncodedImage(new byte[] {1, 2}),
                        new Payload.Waveform(new byte[] {1, 2}, 8000),
                        new Payload.Tensor(List.of(2, 1), new float[] {1, 2}))
                .map(payload -> value(EventType.REQUEST, new Request("1", payload, Instant.EPOCH)));
        Stream<byte[]> labels = Stream.of(
                        LABEL,
                        new Label.MultiLabel(Set.of("a", "b")),
                        new Label.TokenTags(List.of("Ann", "ran"), List.of("B-PER", "O")),
                        new Label.AnswerSpan(0, "we"),
                        new Label.Transcript("yes"),
                        new Label.Values(new float[] {1, 2}),
                        new Transition(
                                "left", new double[] {1}, new float[] {1}, false, true, new Label.Episode(3, 4), 5L))
                .map(label -> value(EventType.SAMPLE, new Sample("1", TEXT, label, Instant.EPOCH)));
        byte[] command = value(
                EventType.COMMAND,
                new Command(new Lane("a", "b"), Command.Action.PAUSE, null, "me", "why", Instant.EPOCH));
        // The header of each type, followed by zeros: empty texts and lists, first branches of unions.
        Stream<byte[]> zeros = EventType.ALL.stream().map(type -> headed(type, new byte[80]));
        return Stream.of(payloads, labels, Stream.of(command), zeros).flatMap(all -> all);
    }

    @Override
    Stream<byte[]> large() {
        byte[] zeros = new byte[900_000];
        byte[] ones = new byte[900_000];
        Arrays.fill(ones, (byte) 1);
        byte[] twos = new byte[900_000];
        Arrays.fill(twos, (byte) 2);
        return Stream.of(
                        Stream.of(zeros, ones, twos)
                                .flatMap(body -> EventType.ALL.stream().map(type -> headed(type, body))),
                        Stream.of(sameHash()))
                .flatMap(all -> all);
    }

    /** A sample with many labels whose names have the same hash code. */
    private static byte[] sameHash() {
        int bits = 14;
        Label.MultiLabel label = new Label.MultiLabel(Stream.iterate(0, i -> i + 1)
                .limit(1 << bits)
                .map(i -> {
                    StringBuilder name = new StringBuilder();
                    for (int bit = 0; bit < bits; bit++) {
                        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
                    }
                    return name.toString();
                })
                .collect(Collectors.toSet()));
        return value(EventType.SAMPLE, new Sample("1", TEXT, label, Instant.EPOCH));
    }

    private static <T> byte[] value(EventType<T> type, T event) {
        return numbered(type, CODEC.encode(type, event));
    }

    private static byte[] headed(EventType<?> type, byte[] body) {
        return numbered(
                type,
                ByteBuffer.allocate(10 + body.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put((byte) 0xc3)
                        .put((byte) 1)
                        .putLong(SchemaNormalization.parsingFingerprint64(type.schema()))
                        .put(body)
                        .array());
    }

    private static byte[] numbered(EventType<?> type, byte[] value) {
        return ByteBuffer.allocate(1 + value.length)
                .put((byte) EventType.ALL.indexOf(type))
                .put(value)
                .array();
    }
}
