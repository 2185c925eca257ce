package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.BASE;
import static io.headwater.adapt.LaneStream.config;
import static io.headwater.adapt.LaneStream.learn;
import static io.headwater.adapt.LaneStream.samples;
import static io.headwater.adapt.LaneStream.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.ArtifactException;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Head artifacts and lane checkpoints at rest. */
class LaneFilesTest {
    private static byte[] head = {};
    private static byte[] checkpoint = {};

    @BeforeAll
    static void learnALane() {
        try (LaneLearner learner = untrained(config())) {
            learn(learner, samples(1, 20, 3), 4);
            learner.promote(learner.artifact());
            learn(learner, samples(2, 8, 3), 4);
            head = learner.artifact().toBytes();
            checkpoint = learner.checkpoint();
        }
    }

    @Test
    void shouldReadAHeadAsItWasWritten() {
        HeadArtifact read = HeadArtifact.fromBytes(head);

        assertThat(read.baseModel()).isEqualTo(BASE);
        assertThat(read.labels()).containsExactlyInAnyOrder("c0", "c1", "c2");
        assertThat(read.form()).isEqualTo(LaneStream.heads(config()).form());
        assertThat(read.toBytes()).isEqualTo(head);
    }

    @Test
    void shouldReadACheckpointAsItWasWritten() {
        LaneCheckpoint read = LaneCheckpoint.fromBytes(checkpoint);

        assertThat(read.samples()).isEqualTo(28);
        assertThat(read.steps()).isEqualTo(7);
        assertThat(read.window()).hasSize(16);
        assertThat(read.anchors()).hasSize(7);
        assertThat(read.replay()).hasSize(12);
        assertThat(read.toBytes()).isEqualTo(checkpoint);
    }

    @Test
    void shouldRefuseBytesThatAreNoArtifact() {
        byte[] foreign = "not an artifact".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> HeadArtifact.fromBytes(foreign))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("sha256:")
                .hasMessageContaining("safetensors");
        assertThatThrownBy(() -> LaneCheckpoint.fromBytes(foreign)).isInstanceOf(ArtifactException.class);
    }

    @Test
    void shouldRefuseOneKindOfArtifactForTheOther() {
        assertThatThrownBy(() -> HeadArtifact.fromBytes(checkpoint))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("headwater-head-1")
                .hasMessageContaining("headwater-checkpoint-1");
        assertThatThrownBy(() -> LaneCheckpoint.fromBytes(head))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("headwater-checkpoint-1");
        assertThatThrownBy(() -> HeadArtifact.fromBytes(Safetensors.write(Map.of(), Map.of())))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("null");
    }

    @ParameterizedTest
    @CsvSource({
        "baseModel, sha256:12",
        "labels, c0",
        "labels, '{\"c0\":1}'",
        "labels, '[null]'",
        "labels, '[\"a\",\"b\"]'",
        "labels, '[\"a\",\"b\",\"a\"]'",
    })
    void shouldRefuseAHeadWhoseMetadataSayNonsense(String key, String value) {
        byte[] bad = changed(head, (tensors, metadata) -> metadata.put(key, value));

        assertThatThrownBy(() -> HeadArtifact.fromBytes(bad))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(key);
    }

    @Test
    void shouldNameTheMetadataThatIsMissing() {
        byte[] bad = changed(head, (tensors, metadata) -> metadata.remove("labels"));

        assertThatThrownBy(() -> HeadArtifact.fromBytes(bad))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("'labels'");
    }

    @Test
    void shouldRefuseAHeadWithoutItsTensors() {
        byte[] bad = changed(head, (tensors, metadata) -> tensors.remove("output/b"));

        assertThatThrownBy(() -> HeadArtifact.fromBytes(bad))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("output/b");
    }

    @ParameterizedTest
    @CsvSource({"iteration, soon", "anchorReference, good", "samples, many", "steps, ''"})
    void shouldRefuseACheckpointWhoseMetadataSayNonsense(String key, String value) {
        byte[] bad = changed(checkpoint, (tensors, metadata) -> metadata.put(key, value));

        assertThatThrownBy(() -> LaneCheckpoint.fromBytes(bad))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(key);
    }

    @Test
    void shouldRefuseACheckpointWhoseMemoryDoesNotFitItsHead() {
        refuse("replay/features", new Tensor.F32(new int[] {4}, new float[4]));
        refuse("anchor/features", new Tensor.F32(new int[] {6}, new float[6]));
        refuse("replay/features/sizes", ints(12, 0));
        refuse("anchor/features/sizes", ints(6, LaneStream.WIDTH));
        refuse("replay/targets/sizes", ints(11, 1));
        refuse("replay/strata", ints(12, 3));
        refuse("anchor/strata", ints(7, -1));
        refuse("replay/seen", new Tensor.F32(new int[] {1}, new float[1]));
        byte[] without = changed(checkpoint, (tensors, metadata) -> tensors.remove("gate/window"));
        assertThatThrownBy(() -> LaneCheckpoint.fromBytes(without))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("gate/window");
    }

    private static void refuse(String name, Tensor tensor) {
        byte[] bad = changed(checkpoint, (tensors, metadata) -> tensors.put(name, tensor));
        assertThatThrownBy(() -> LaneCheckpoint.fromBytes(bad))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(name.substring(0, name.indexOf('/')));
    }

    private static Tensor ints(int count, int value) {
        int[] values = new int[count];
        java.util.Arrays.fill(values, value);
        return new Tensor.I32(new int[] {count}, values);
    }

    private static byte[] changed(byte[] file, BiConsumer<Map<String, Tensor>, Map<String, String>> change) {
        Safetensors.Contents contents = Safetensors.read(file);
        Map<String, Tensor> tensors = new HashMap<>(contents.tensors());
        Map<String, String> metadata = new HashMap<>(contents.metadata());
        change.accept(tensors, metadata);
        return Safetensors.write(tensors, metadata);
    }
}
