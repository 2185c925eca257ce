package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.headwater.domain.Command;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Provenance;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.VersionRef;
import io.headwater.events.CommandAction;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456Z");
    private static final Payload TEXT = new Payload.Text("a fine day");
    private static final Label FINE = new Label.ClassLabel("fine");
    private static final Sample SAMPLE = new Sample("s-1", TEXT, FINE, NOW);

    private final Codec codec = new Codec(10_000);

    static Stream<Arguments> faulty() {
        float[] two = {1, 2};
        float[] nan = {1, Float.NaN};
        float[] infinite = {Float.NEGATIVE_INFINITY};
        return Stream.of(
                payload(new Payload.Tensor(List.of(2), nan), Reason.NOT_FINITE, "number 1 is NaN"),
                payload(new Payload.Tensor(List.of(3), two), Reason.BAD_PAYLOAD, "[3] has 2"),
                payload(new Payload.Tensor(List.of(-1, -2), two), Reason.BAD_PAYLOAD, "[-1, -2]"),
                payload(new Payload.Tensor(List.of(0), new float[0]), Reason.BAD_PAYLOAD, "[0]"),
                payload(new Payload.Tensor(List.of(65536, 65536, 65536, 65536, 2), two), Reason.BAD_PAYLOAD, "65536"),
                payload(new Payload.Tensor(Collections.nCopies(17, 1), new float[1]), Reason.BAD_PAYLOAD, "17"),
                payload(new Payload.Waveform(new byte[2], -1), Reason.BAD_PAYLOAD, "-1"),
                payload(new Payload.Waveform(new byte[3], 8000), Reason.BAD_PAYLOAD, "has 3"),
                label(transition(new double[] {1, Double.NaN}, two, null), Reason.NOT_FINITE, "reward 1"),
                label(
                        transition(new double[] {Double.POSITIVE_INFINITY}, two, null),
                        Reason.NOT_FINITE,
                        "reward 0 of a transition must be finite, but is Infinity"),
                label(transition(new double[] {1}, infinite, null), Reason.NOT_FINITE, "nextObservation"),
                label(
                        transition(new double[] {1}, two, new Label.Episode(Double.NaN, 3)),
                        Reason.NOT_FINITE,
                        "the return of a transition"),
                label(new Label.ClassLabel(""), Reason.BAD_LABEL, "name"),
                label(new Label.MultiLabel(Set.of("", "a")), Reason.BAD_LABEL, "name"),
                label(new Label.TokenTags(List.of("a", "b"), List.of("O")), Reason.BAD_LABEL, "1 tags"),
                label(new Label.AnswerSpan(-2, "x"), Reason.BAD_LABEL, "-2"),
                Arguments.of(new Sample("", TEXT, FINE, NOW), Reason.MALFORMED, "id"),
                Arguments.of(new Sample("x".repeat(201), TEXT, FINE, NOW), Reason.MALFORMED, "201"));
    }

    private static Label transition(double[] rewards, float[] next, Label.@Nullable Episode episode) {
        return new Label.Transition("left", rewards, next, false, false, episode, null);
    }

    private static Arguments payload(Payload payload, Reason reason, String message) {
        return Arguments.of(new Sample("s", payload, FINE, NOW), reason, message);
    }

    private static Arguments label(Label label, Reason reason, String message) {
        return Arguments.of(new Sample("s", TEXT, label, NOW), reason, message);
    }

    @ParameterizedTest
    @MethodSource("faulty")
    void shouldRejectWhatBreaksARule(Sample sample, Reason reason, String message) {
        assertRejected(codec.decode(EventType.SAMPLE, codec.encode(EventType.SAMPLE, sample)), reason, message);
    }

    @Test
    void shouldRejectATombstone() {
        assertRejected(codec.decode(EventType.SAMPLE, null), Reason.TOMBSTONE, "value");
        assertThatThrownBy(() -> codec.decodeOrThrow(EventType.SERVING, null))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("topic serving")
                .hasMessageContaining("TOMBSTONE");
    }

    @Test
    void shouldRejectAValueBeyondTheLimitUnread() {
        assertRejected(codec.decode(EventType.SAMPLE, new byte[10_001]), Reason.TOO_LARGE, "10001");
        assertRejected(
                codec.decode(EventType.SAMPLE, codec.encode(EventType.SAMPLE, textOf(10_000))),
                Reason.TOO_LARGE,
                "at most 10000");
    }

    @Test
    void shouldRejectUnknownFramings() {
        assertRejected(codec.decode(EventType.SAMPLE, utf8("{\"id\": 1}")), Reason.UNKNOWN_SCHEMA, "7B 22");
        assertRejected(codec.decode(EventType.SAMPLE, new byte[] {(byte) 0xC3, 2, 0}), Reason.UNKNOWN_SCHEMA, "C3 02");
        assertRejected(codec.decode(EventType.SAMPLE, new byte[] {1}), Reason.UNKNOWN_SCHEMA, "begins with 01");
    }

    @Test
    void shouldRejectUnknownFingerprints() {
        byte[] bytes = codec.encode(EventType.SAMPLE, SAMPLE);
        bytes[5]++;

        assertRejected(codec.decode(EventType.SAMPLE, bytes), Reason.UNKNOWN_SCHEMA, "fingerprint");
    }

    @Test
    void shouldRejectAnotherKindOfEvent() {
        byte[] request = codec.encode(EventType.REQUEST, new Request("r", TEXT, NOW));

        assertRejected(codec.decode(EventType.SAMPLE, request), Reason.UNKNOWN_SCHEMA, "io.headwater.events.Sample");
        assertThatThrownBy(() -> codec.decodeOrThrow(EventType.MODEL_VERSION, request))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("model-versions");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 11, 20})
    void shouldRejectATruncatedValue(int length) {
        assertRejected(
                codec.decode(EventType.SAMPLE, Arrays.copyOf(codec.encode(EventType.SAMPLE, SAMPLE), length)),
                Reason.MALFORMED,
                "");
    }

    @Test
    void shouldRejectTrailingBytes() {
        byte[] bytes = codec.encode(EventType.SAMPLE, SAMPLE);

        assertRejected(
                codec.decode(EventType.SAMPLE, Arrays.copyOf(bytes, bytes.length + 2)),
                Reason.MALFORMED,
                "2 bytes follow");
    }

    @Test
    void shouldAllocateNothingForAClaimedLength() {
        // Id "s", the tensor's branch, no shape, then 2,147,483,639 values of which none follows.
        byte[] hostile = {2, 's', 8, 0, (byte) 0xEE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
        byte[] bytes = Arrays.copyOf(codec.encode(EventType.SAMPLE, SAMPLE), 10 + hostile.length);
        System.arraycopy(hostile, 0, bytes, 10, hostile.length);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        codec.decode(EventType.SAMPLE, bytes);

        long before = threads.getCurrentThreadAllocatedBytes();
        Outcome<Sample> outcome = codec.decode(EventType.SAMPLE, bytes);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        assertRejected(outcome, Reason.MALFORMED, "2147483639 items");
    }

    @Test
    void shouldRejectTextThatIsNotUtf8() {
        byte[] bytes = codec.encode(EventType.SAMPLE, SAMPLE);
        bytes[11] = (byte) 0xFF; // The first byte of the id, after its length.

        assertRejected(codec.decode(EventType.SAMPLE, bytes), Reason.MALFORMED, "");
    }

    @Test
    void shouldTellWhichSettingARegistryFramingNeeds() {
        assertRejected(
                codec.decode(EventType.SAMPLE, new byte[] {0, 0, 0, 0, 7, 1}),
                Reason.UNKNOWN_SCHEMA,
                "headwater.registry.url");
        assertRejected(codec.decode(EventType.SAMPLE, new byte[] {0, 0, 0}), Reason.MALFORMED, "5 bytes");
    }

    @Test
    void shouldRejectACommandOfANewerVersion() {
        byte[] bytes = new EventFormat(EventType.COMMAND.schema(), null, "")
                .encode(new io.headwater.events.Command(
                        new io.headwater.events.Lane("reviews", "books"),
                        CommandAction.UNKNOWN,
                        null,
                        "",
                        "",
                        NOW,
                        "",
                        List.of(),
                        "",
                        ""));

        assertRejected(codec.decode(EventType.COMMAND, bytes), Reason.MALFORMED, "upgrade");
    }

    @Test
    void shouldRejectACommandForNoLaneWithAShortMessage() {
        byte[] bytes = new EventFormat(EventType.COMMAND.schema(), null, "")
                .encode(new io.headwater.events.Command(
                        new io.headwater.events.Lane("/".repeat(5000), "books"),
                        CommandAction.PAUSE,
                        null,
                        "",
                        "",
                        NOW,
                        "",
                        List.of(),
                        "",
                        ""));

        Rejection rejection =
                assertRejected(codec.decode(EventType.COMMAND, bytes), Reason.MALFORMED, "adaptation must be");
        assertThat(rejection.message()).hasSizeLessThanOrEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRejectAProbabilityOfAnAskThatIsNone(double asked) throws IOException {
        io.headwater.events.Sample event = corrected(new Label.ClassLabel("bad"));
        event.getProvenance().setAsked(asked);

        assertRejected(codec.decode(EventType.SAMPLE, bytes(event)), Reason.MALFORMED, "from 0 to 1, but is " + asked);
    }

    @Test
    void shouldRejectACorrectionOfALabelThatIsNone() throws IOException {
        io.headwater.events.Sample event = corrected(new Label.ClassLabel("bad"));
        event.getProvenance().setCorrects(new io.headwater.events.ClassLabel(""));

        assertRejected(codec.decode(EventType.SAMPLE, bytes(event)), Reason.BAD_LABEL, "name");
    }

    private io.headwater.events.Sample corrected(Label wrong) throws IOException {
        Digest digest = Digest.of(new byte[] {1});
        VersionRef version = new VersionRef(new Lane("reviews", "books"), 1, digest, digest);
        Sample sample = new Sample("s-1", TEXT, FINE, NOW, new Provenance(version, NOW, NOW, wrong, 0));
        return io.headwater.events.Sample.getDecoder().decode(codec.encode(EventType.SAMPLE, sample));
    }

    private static byte[] bytes(io.headwater.events.Sample event) throws IOException {
        ByteBuffer written = io.headwater.events.Sample.getEncoder().encode(event);
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    @Test
    void shouldWriteWhatAvroItselfReads() throws IOException {
        io.headwater.events.Sample event =
                io.headwater.events.Sample.getDecoder().decode(codec.encode(EventType.SAMPLE, SAMPLE));

        assertThat(event.getId()).isEqualTo("s-1");
        assertThat(event.getObservedAt()).isEqualTo(NOW);
    }

    @Test
    void shouldReadWhatAvroItselfWrites() throws IOException {
        io.headwater.events.Command event = new io.headwater.events.Command(
                new io.headwater.events.Lane("reviews", "books"),
                CommandAction.RETRAIN,
                null,
                "ann",
                "new data",
                NOW,
                "",
                List.of(),
                "",
                "");
        byte[] bytes = io.headwater.events.Command.getEncoder().encode(event).array();

        assertThat(codec.decode(EventType.COMMAND, bytes))
                .isEqualTo(Outcome.ok(new Command(
                        new Lane("reviews", "books"), Command.Action.RETRAIN, null, "ann", "new data", NOW)));
    }

    private static Sample textOf(int length) {
        return new Sample("s", new Payload.Text("x".repeat(length)), FINE, NOW);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Rejection assertRejected(Outcome<?> outcome, Reason reason, String message) {
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        Rejection rejection = ((Outcome.Rejected<?>) outcome).rejection();
        assertThat(rejection.reason()).as(rejection.message()).isEqualTo(reason);
        assertThat(rejection.message()).contains(message);
        return rejection;
    }
}
