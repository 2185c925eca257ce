package io.headwater.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base model whose weights lie in a file beside it. */
class ExternalWeightsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldNameTheBackboneByItsWeightsToo() throws IOException {
        BaseModelManifest manifest = TestModels.image(folder, model(), "map", Pooling.MEAN);

        Digest first = digest(manifest, 1, 2, 3, -1, 0, 0);

        assertThat(digest(manifest, 1, 2, 3, -1, 0, 0)).isEqualTo(first);
        assertThat(digest(manifest, 1, 2, 3, -1, 0, 5)).isNotEqualTo(first);
    }

    @Test
    void shouldRefuseAModelWithoutItsWeights() {
        BaseModelManifest manifest = TestModels.image(folder, model(), "map", Pooling.MEAN);

        assertThatThrownBy(() -> OnnxBackbone.open(manifest))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("'tiny'")
                .hasMessageContaining("'w.bin'");
    }

    private Digest digest(BaseModelManifest manifest, float... weights) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(weights.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float weight : weights) {
            data.putFloat(weight);
        }
        Files.write(folder.resolve("w.bin"), data.array());
        try (OnnxBackbone backbone = OnnxBackbone.open(manifest)) {
            assertThat(backbone.width()).isPositive();
            return backbone.digest();
        }
    }

    private static ModelProto model() {
        GraphProto.Builder graph = TestModels.convNet(TestModels.FLOAT).getGraph().toBuilder();
        graph.getInitializerBuilder(0)
                .clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("w.bin"));
        return TestModels.model(graph.build());
    }
}
