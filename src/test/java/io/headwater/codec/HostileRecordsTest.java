package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.headwater.domain.Command;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.PredictionRegion.TagSets;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Sample;
import io.headwater.domain.VersionRef;
import io.headwater.events.CommandAction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records that are allowed by their size, but would take much time or memory, or outgrow a topic. */
class HostileRecordsTest {
    private static final Duration GENEROUS = Duration.ofSeconds(30);
    private static final Lane LANE = new Lane("reviews", "shop");

    private final Codec codec = new Codec(16 << 20);

    @Test
    void shouldReadNamesWithEqualHashCodes() {
        Set<String> names = colliding(Limits.NAMES);
        Sample sample = new Sample("s", new Payload.Text("a"), new Label.MultiLabel(names), Instant.EPOCH);
        byte[] bytes = codec.encode(EventType.SAMPLE, sample);

        Outcome<Sample> read = assertTimeoutPreemptively(GENEROUS, () -> codec.decode(EventType.SAMPLE, bytes));

        assertThat(read).isEqualTo(Outcome.ok(sample));
    }

    @Test
    void shouldRejectMoreNamesThanALaneCanHave() {
        Set<String> names = colliding(Limits.NAMES + 1);
        Sample sample = new Sample("s", new Payload.Text("a"), new Label.MultiLabel(names), Instant.EPOCH);

        assertRejected(
                codec.decode(EventType.SAMPLE, codec.encode(EventType.SAMPLE, sample)),
                Reason.BAD_LABEL,
                "at most 100000 names, but has 100001");
    }

    @Test
    void shouldHoldProbabilitiesOfNamesWithEqualHashCodes() {
        Map<String, Float> probabilities = new HashMap<>();
        colliding(Limits.NAMES).forEach(name -> probabilities.put(name, 0.5f));

        Prediction prediction = assertTimeoutPreemptively(GENEROUS, () -> prediction(probabilities, null));

        assertThat(prediction.probabilities()).hasSize(Limits.NAMES);
    }

    @Test
    void shouldRejectACommandWhoseTextsWouldOutgrowTheEventsThatRepeatThem() throws IOException {
        String longest = "x".repeat(Limits.REASON);

        assertThat(command("ann", longest, "s-1", 1)).isInstanceOf(Outcome.Ok.class);
        assertRejected(
                command("ann", longest + "x", "s-1", 1),
                Reason.MALFORMED,
                "the reason of a command must have at most 1000 characters, but has 1001");
        assertRejected(command("a".repeat(201), "", "", 0), Reason.MALFORMED, "'by' of a command");
        assertRejected(command("ann", "", "a".repeat(201), 0), Reason.MALFORMED, "the sample id of a command");
        assertRejected(command("ann", "", "", 101), Reason.MALFORMED, "at most 100 offsets, but names 101");
    }

    /** A prediction of tags names all tags for each word that the model does not read. */
    @Test
    void shouldNotBuildAPredictionThatOutgrowsItsTopic() {
        List<String> tags = Collections.nCopies(1000, "B-" + "x".repeat(100));
        TagSets region = new TagSets(0.9, Collections.nCopies(30_000, tags));

        assertThatThrownBy(() -> codec.encode(EventType.PREDICTION, prediction(Map.of(), region)))
                .isInstanceOf(EventTooLargeException.class)
                .hasMessageContaining("at most 16775168 bytes")
                .hasMessageContaining("headwater.topics.max-record-bytes");
    }

    private static Prediction prediction(Map<String, Float> probabilities, @Nullable TagSets region) {
        Digest digest = Digest.of(new byte[0]);
        return new Prediction(
                "r",
                "shop",
                new VersionRef(LANE, 1, digest, digest),
                new Label.ClassLabel("good"),
                probabilities,
                region,
                false,
                Instant.EPOCH);
    }

    private Outcome<Command> command(String by, String reason, String sampleId, int offsets) throws IOException {
        io.headwater.events.Command event = new io.headwater.events.Command(
                VersionMapping.toAvro(LANE),
                CommandAction.FORGET,
                null,
                by,
                reason,
                Instant.EPOCH,
                sampleId,
                Collections.nCopies(offsets, 1L),
                "",
                "");
        ByteBuffer value = io.headwater.events.Command.getEncoder().encode(event);
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return codec.decode(EventType.COMMAND, bytes);
    }

    private static void assertRejected(Outcome<?> outcome, Reason reason, String message) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
            assertThat(rejected.rejection().reason()).isEqualTo(reason);
            assertThat(rejected.rejection().message()).contains(message);
        });
    }

    /** Strings with equal hash codes: "Aa" and "BB" have the same. */
    private static Set<String> colliding(int count) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 17; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            names.add(name.toString());
        }
        return names;
    }
}
