package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the policy model with its first weights stored in an external file from byte 4 on. */
class ExternalWeightsTest {
    private static final float[] OBSERVATION = {1, 2, 3, 4};

    @TempDir
    private Path folder;

    private ModelFile data;

    @BeforeEach
    void write() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(52).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(4).asFloatBuffer().put(TestModels.ramp(12));
        Path file = Files.write(folder.resolve("weights.bin"), bytes.array());
        data = new ModelFile(file.toString(), Digest.of(bytes.array()));
    }

    @Test
    void shouldReadWeightsFromTheFileThatTheManifestNames() {
        BaseModelManifest whole = TestModels.tensor(folder, TestModels.policy(0), "scores", Pooling.NONE, 4);
        try (Backbone inside = OnnxBackbone.open(whole);
                Backbone outside = open(Map.of("location", "weights.bin", "offset", "4", "length", "48"), data)) {
            List<ModelInput> inputs = List.of(new ModelInput.Numbers(OBSERVATION));
            assertThat(outside.features(inputs).get(0))
                    .isEqualTo(inside.features(inputs).get(0));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weights.bin|5|48|takes 48 bytes from byte 5, but its file has 52",
                "weights.bin|4|44|takes 48 bytes by its shape, but says 44",
                "weights.bin|-1|48|offset",
                "weights.bin|9223372036854775807|48|its file has 52",
                "weights.bin|x|48|a whole number as offset, but has 'x'",
                "../weights.bin|4|48|../weights.bin', which the manifest does not name",
                "other.bin|4|48|other.bin', which the manifest does not name; add it",
            })
    void shouldRefuseWeightsThatAreNotWhereTheyShouldBe(String location, String offset, String length, String message) {
        assertThatThrownBy(() -> open(Map.of("location", location, "offset", offset, "length", length), data))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("base model 'outside': ")
                .hasMessageContaining(message);
    }

    @Test
    void shouldHoldTheFileToItsDigest() {
        ModelFile other = new ModelFile(data.location(), Digest.of(new byte[1]));
        assertThatThrownBy(() -> open(Map.of("location", "weights.bin", "offset", "4", "length", "48"), other))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("weights.bin");
    }

    private Backbone open(Map<String, String> where, ModelFile file) {
        GraphProto.Builder graph = TestModels.policy(0).getGraph().toBuilder();
        TensorProto.Builder weight =
                graph.getInitializerBuilder(0).clearFloatData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
        where.forEach((key, value) -> weight.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        BaseModelManifest m = TestModels.tensor(folder, TestModels.model(graph.build()), "scores", Pooling.NONE, 4);
        return OnnxBackbone.open(new BaseModelManifest(
                "outside",
                "none",
                "",
                m.model(),
                List.of(file),
                m.input(),
                m.cut(),
                List.of(),
                m.pooling(),
                m.normalise()));
    }
}
