package io.headwater.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TextInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.inspect.ManifestDraft.Known;
import io.headwater.engine.inspect.ModelInspection.BlockInfo;
import io.headwater.engine.inspect.ModelInspection.CutInfo;
import io.headwater.engine.inspect.ModelInspection.InputInfo;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.runtime.OnnxBackbone;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxInspectorTest {
    private static final Known UNKNOWN = new Known("mine", Optional.empty(), Optional.empty());

    @TempDir
    private Path folder;

    @Test
    void shouldDescribeTheSentenceEncoderAndDraftItsManifest() throws Exception {
        Path file = resource("all-minilm-l6-v2.onnx", "minilm.onnx");
        resource("all-minilm-l6-v2-tokenizer.json", "tokenizer.json");

        ModelInspection model = OnnxInspector.inspect(file);
        BaseModelManifest draft = ManifestDraft.of(file, model, UNKNOWN).manifest();

        assertThat(model.family()).isEqualTo("bert");
        assertThat(model.inputs()).extracting(InputInfo::role).containsExactlyInAnyOrder("ids", "mask", "types");
        assertThat(model.blocks()).extracting(BlockInfo::name).startsWith("encoder.layer.5", "encoder.layer.4");
        assertThat(model.cuts()).allSatisfy(cut -> assertThat(cut.shape()).isNotEmpty());
        TextInput input = (TextInput) draft.input();
        BaseModelManifest known = TestModels.miniLm();
        assertThat(input.ids()).isEqualTo("input_ids");
        assertThat(input.tokenizer().digest())
                .isEqualTo(TestModels.miniLmInput(256).tokenizer().digest());
        assertThat(draft.model().digest()).isEqualTo(known.model().digest());
        assertThat(draft.cut()).isEqualTo(known.cut());
        assertThat(draft.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(draft.blocks()).hasSize(6);
    }

    @Test
    void shouldEndFeaturesBelowPooledMapsOfAConvolution() {
        Path file = write(classifier("pixels", 0, 3, 8, 8));

        ModelInspection model = OnnxInspector.inspect(file);
        ManifestDraft draft = ManifestDraft.of(file, model, UNKNOWN);

        assertThat(model.feature()).isEqualTo("rectified");
        assertThat(model.pooling()).isEqualTo("mean");
        ImageInput input = (ImageInput) draft.manifest().input();
        assertThat(input.layout()).isEqualTo(ImageLayout.NCHW);
        assertThat(input.width()).isEqualTo(8);
        assertThat(draft.notes()).containsOnlyKeys("licence", "input.mean", "input.scale", "input.channels");
        try (OnnxBackbone backbone = OnnxBackbone.open(draft.manifest())) {
            assertThat(backbone.width()).isEqualTo(4);
            assertThat(backbone.isBatched()).isTrue();
        }
    }

    @Test
    void shouldEndFeaturesAtAnOutputThatIsNoClassifier() {
        ModelInspection model = OnnxInspector.inspect(write(TestModels.model(GraphProto.newBuilder()
                .setName("embedding")
                .addInput(TestModels.value("frames", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("w", TestModels.FLOAT, TestModels.ramp(12), 4, 3))
                .addNode(TestModels.node("MatMul", "mixed", "frames", "w"))
                .addNode(TestModels.node("Tanh", "embedding", "mixed"))
                .addOutput(TestModels.value("embedding", TestModels.FLOAT, 0, 3))
                .build())));

        assertThat(model.feature()).isEqualTo("embedding");
        assertThat(model.cuts()).extracting(CutInfo::name).containsExactly("mixed", "embedding");
        assertThat(model.cuts().get(0).shape()).isEqualTo(List.of("N", 3L));
    }

    @Test
    void shouldSayWhereADraftIsAGuess() {
        Path file = write(classifier("pixels", 0, 3, -1, -2));

        ManifestDraft draft = ManifestDraft.of(file, OnnxInspector.inspect(file), UNKNOWN);

        assertThat(draft.notes()).containsKeys("input.width", "input.height");
        assertThat(draft.yaml(folder))
                .contains("  # correct this: the model leaves it free\n  width: 224\n")
                .contains("own output layer, in the order of its outputs\n# labels: []\n");
    }

    @Test
    void shouldNameFilesThatWeightsAreKeptIn() throws Exception {
        GraphProto.Builder graph = TestModels.policy(0).getGraph().toBuilder();
        graph.getInitializerBuilder(0)
                .clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(onnx.Onnx.StringStringEntryProto.newBuilder()
                        .setKey("location")
                        .setValue("weights.bin"));
        Path file = write(TestModels.model(graph.build()));
        Files.write(folder.resolve("weights.bin"), new byte[48]);

        BaseModelManifest draft =
                ManifestDraft.of(file, OnnxInspector.inspect(file), UNKNOWN).manifest();

        assertThat(draft.files())
                .extracting(ModelFile::location)
                .containsExactly(folder.resolve("weights.bin").toString());
        try (OnnxBackbone backbone = OnnxBackbone.open(draft)) {
            assertThat(backbone.width()).isEqualTo(3);
        }
    }

    @Test
    void shouldRefuseWhatIsNoModelBeforeANativeLibrarySeesIt() throws Exception {
        byte[] whole = TestModels.policy(0).toByteArray();
        for (int length : new int[] {0, 1, 20, whole.length / 2, whole.length - 1}) {
            Path file = Files.write(folder.resolve("cut-off.onnx"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> OnnxInspector.inspect(file)).isInstanceOf(OnnxException.class);
        }
    }

    /** A 1x1 convolution to 4 maps, a rectifier, a 1x1 convolution to 5 classes, pooled. */
    private static ModelProto classifier(String input, long... shape) {
        return TestModels.model(GraphProto.newBuilder()
                .setName("classifier")
                .addInput(TestModels.value(input, TestModels.FLOAT, shape))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(12), 4, 3, 1, 1))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(20), 5, 4, 1, 1))
                .addNode(TestModels.node("Conv", "map", input, "w1"))
                .addNode(TestModels.node("Relu", "rectified", "map"))
                .addNode(TestModels.node("Conv", "classes", "rectified", "w2"))
                .addNode(TestModels.node("GlobalAveragePool", "pooled", "classes"))
                .addNode(TestModels.node("Flatten", "logits", "pooled").toBuilder()
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("axis")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(1))
                        .build())
                .addOutput(TestModels.value("logits", TestModels.FLOAT, 0, 5))
                .build());
    }

    private Path write(ModelProto model) {
        return Path.of(TestModels.write(folder, model.toByteArray()).location());
    }

    private Path resource(String name, String as) throws IOException {
        Path file = folder.resolve(as);
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/" + name))) {
            Files.copy(in, file);
        }
        return file;
    }
}
