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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the files of head artifacts and lane checkpoints. */
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
        try (LaneLearner read = restored(checkpoint)) {
            Safetensors.Contents written = Safetensors.read(checkpoint);

            assertThat(read.samples()).isEqualTo(28);
            assertThat(written.metadata()).containsEntry("memory/steps", "7");
            assertThat(written.floats("champion/window").values()).hasSize(16);
            assertThat(written.floats("memory/held-out/features").values()).hasSize(5 * LaneStream.WIDTH);
            assertThat(written.floats("memory/replay/features").values()).hasSize(12 * LaneStream.WIDTH);
            assertThat(read.checkpoint()).isEqualTo(checkpoint);
        }
    }

    /** The file was written by the code of the first format. */
    @Test
    void shouldContinueFromACheckpointOfTheFormerFormat() throws IOException {
        byte[] former;
        try (InputStream file = LaneFilesTest.class.getResourceAsStream("checkpoint-1.safetensors")) {
            former = Objects.requireNonNull(file).readAllBytes();
        }
        assertThat(Safetensors.read(former).metadata()).containsEntry("format", "headwater-checkpoint-1");

        try (LaneLearner fromFormer = restored(former);
                LaneLearner fromItsUpgrade = restored(fromFormer.checkpoint())) {
            assertThat(Safetensors.read(fromFormer.checkpoint()).metadata().keySet())
                    .isEqualTo(Safetensors.read(checkpoint).metadata().keySet());
            assertThat(Safetensors.read(fromFormer.checkpoint()).tensors().keySet())
                    .isEqualTo(Safetensors.read(checkpoint).tensors().keySet());
            assertThat(Safetensors.read(fromFormer.artifact().toBytes())
                            .floats("output/W")
                            .values())
                    .isEqualTo(Safetensors.read(former).floats("head/output/W").values());
            fromFormer.restoreChampion(HeadArtifact.fromBytes(head));
            fromItsUpgrade.restoreChampion(HeadArtifact.fromBytes(head));
            learn(fromFormer, samples(3, 40, 3), 4);
            learn(fromItsUpgrade, samples(3, 40, 3), 4);
            assertThat(fromFormer.samples()).isEqualTo(68);
            assertThat(fromFormer.checkpoint()).isEqualTo(fromItsUpgrade.checkpoint());
            assertThat(fromFormer.thresholds().published()).isEmpty();
        }
    }

    @Test
    void shouldRefuseBytesThatAreNoArtifact() {
        byte[] foreign = "not an artifact".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> HeadArtifact.fromBytes(foreign))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("sha256:")
                .hasMessageContaining("safetensors");
        assertThatThrownBy(() -> restored(foreign)).isInstanceOf(ArtifactException.class);
    }

    @Test
    void shouldRefuseOneKindOfArtifactForTheOther() {
        assertThatThrownBy(() -> HeadArtifact.fromBytes(checkpoint))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("headwater-head-1")
                .hasMessageContaining("headwater-checkpoint-2");
        assertThatThrownBy(() -> restored(head))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("headwater-checkpoint-2");
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
    @CsvSource({
        "contenders/gradient/iteration, soon",
        "champion/veto/since, good",
        "memory/samples, many",
        "memory/steps, ''"
    })
    void shouldRefuseACheckpointWhoseMetadataSayNonsense(String key, String value) {
        byte[] bad = changed(checkpoint, (tensors, metadata) -> metadata.put(key, value));

        assertThatThrownBy(() -> restored(bad))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(key);
    }

    @Test
    void shouldRefuseACheckpointWhoseMemoryDoesNotFitItsHead() {
        refuse("memory/replay/features", new Tensor.F32(new int[] {4}, new float[4]));
        refuse("memory/held-out/features", new Tensor.F32(new int[] {6}, new float[6]));
        refuse("memory/replay/features/sizes", ints(12, 0));
        refuse("memory/held-out/features/sizes", ints(6, LaneStream.WIDTH));
        refuse("memory/replay/targets/sizes", ints(11, 1));
        refuse("memory/replay/strata", ints(12, 3));
        refuse("memory/held-out/strata", ints(7, -1));
        refuse("memory/replay/seen", new Tensor.F32(new int[] {1}, new float[1]));
        byte[] without = changed(checkpoint, (tensors, metadata) -> tensors.remove("champion/window"));
        assertThatThrownBy(() -> restored(without))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("champion/window");
    }

    private static void refuse(String name, Tensor tensor) {
        byte[] bad = changed(checkpoint, (tensors, metadata) -> tensors.put(name, tensor));
        assertThatThrownBy(() -> restored(bad))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(name.substring(0, name.indexOf('/', "memory/".length())));
    }

    private static LaneLearner restored(byte[] bytes) {
        return LaneLearner.restored(config(), LaneStream.goal(config()), LaneStream.heads(config()), bytes);
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
