package io.headwater.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.TestModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.SparseTensorProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;

class OnnxModelFileTest {
    private static final ModelProto WHOLE = TestModels.convNet(TestModels.FLOAT);
    private static final int MAX_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void shouldReadAModelWithItsDataAsRawBytes() throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), WHOLE.toByteArray());

        ModelProto read = OnnxModelFile.read(file, MAX_BYTES);

        TensorProto weight = read.getGraph().getInitializer(0);
        assertThat(weight.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer())
                .isEqualTo(java.nio.FloatBuffer.wrap(new float[] {1, 2, 3, -1, 0, 0}));
        assertThat(weight.getFloatDataCount()).isZero();
        assertThat(read.getGraph().getNodeList()).isEqualTo(WHOLE.getGraph().getNodeList());
        assertThat(read.getOpsetImportList()).isEqualTo(WHOLE.getOpsetImportList());
    }

    @Test
    void shouldReadTypedDataOfEveryWidth() {
        TensorProto longs = TensorProto.newBuilder()
                .setName("longs")
                .setDataType(ElementType.INT64.code())
                .addDims(3)
                .addInt64Data(-1)
                .addInt64Data(300)
                .addInt64Data(Long.MIN_VALUE)
                .build();
        TensorProto bytes = TensorProto.newBuilder()
                .setName("bytes")
                .setDataType(ElementType.INT8.code())
                .addDims(2)
                .addInt32Data(-128)
                .addInt32Data(127)
                .build();

        GraphProto read = parse(graph -> graph.addInitializer(longs).addInitializer(bytes))
                .getGraph();

        ByteBuffer raw =
                read.getInitializer(2).getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new long[] {raw.getLong(), raw.getLong(), raw.getLong()}).containsExactly(-1, 300, Long.MIN_VALUE);
        assertThat(read.getInitializer(3).getRawData().toByteArray()).containsExactly(-128, 127);
    }

    @Test
    void shouldRejectAFileThatIsMissingOrTooLarge() throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), WHOLE.toByteArray());

        assertThatThrownBy(() -> OnnxModelFile.read(folder.resolve("none"), MAX_BYTES))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> OnnxModelFile.read(file, 10))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("at most 10 bytes, but has " + WHOLE.toByteArray().length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, 27})
    void shouldRejectOpsetsThatItDoesNotKnow(int opset) {
        ModelProto.Builder model = WHOLE.toBuilder();
        model.getOpsetImportBuilder(0).setVersion(opset);

        assertThatThrownBy(() -> OnnxModelFile.parse(model.build().toByteArray()))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("opset from 7 to 26, but has " + opset);
    }

    @ParameterizedTest
    @CsvSource({
        "ai.onnx.ml, have no layers that could be kept",
        "ai.onnx.contrib, Headwater prepares inputs itself",
        "com.microsoft.extensions, Headwater prepares inputs itself"
    })
    void shouldSayWhatOperatorsOfAKnownDomainAreAlsoWhereNoOtherSetIsUsed(String domain, String says) {
        byte[] model = WHOLE.toBuilder()
                .clearOpsetImport()
                .setGraph(WHOLE.getGraph().toBuilder()
                        .setNode(1, WHOLE.getGraph().getNode(1).toBuilder().setDomain(domain)))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> OnnxModelFile.parse(model))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("'" + domain + "'")
                .hasMessageContaining(says);
    }

    @Test
    void shouldRejectOperatorsOfOtherDomains() {
        assertRejected(graph -> graph.getNodeBuilder(1).setDomain("my.own"), "'my.own'");
        assertThat(parse(graph -> graph.getNodeBuilder(1).setDomain("com.microsoft"))
                        .getGraph()
                        .getNodeCount())
                .isEqualTo(3);
    }

    @Test
    void shouldRejectDataThatIsNotOfTheShape() {
        assertRejected(graph -> graph.getInitializerBuilder(0).addFloatData(1), "'w'");
        assertRejected(graph -> graph.getInitializerBuilder(0).setDims(0, 3), "'w'");
        assertRejected(graph -> graph.getInitializerBuilder(0).clearFloatData(), "which take 24 bytes, but has 0");
        assertRejected(
                graph -> graph.getInitializerBuilder(0).clearFloatData().setRawData(ByteString.copyFrom(new byte[25])),
                "which take 24 bytes, but has 25");
        assertRejected(graph -> graph.getInitializerBuilder(0).addInt64Data(1), "two lists of data");
        assertRejected(graph -> graph.getInitializerBuilder(0).setDataType(ElementType.INT64.code()), "one place");
    }

    @ParameterizedTest
    @CsvSource({"-1, from 0 to", "2147483648, from 0 to", "9223372036854775807, from 0 to", "2147483647, elements"})
    void shouldRejectShapesThatOverflow(long dim, String why) {
        assertRejected(graph -> graph.getInitializerBuilder(0).setDims(0, dim), why);
    }

    @Test
    void shouldRejectUnknownTypesAndSegments() {
        assertRejected(graph -> graph.getInitializerBuilder(0).setDataType(99), "number 99");
        assertRejected(
                graph -> graph.getInitializerBuilder(0)
                        .clearFloatData()
                        .setSegment(TensorProto.Segment.newBuilder().setEnd(4)),
                "segment");
    }

    @Test
    void shouldRejectSparseTensorsThatGrowLarge() {
        assertRejected(
                graph -> graph.addSparseInitializer(
                        SparseTensorProto.newBuilder().addDims(1 << 16).addDims(1 << 16)),
                "2147483647 elements");
        assertRejected(
                graph -> graph.addSparseInitializer(
                        SparseTensorProto.newBuilder().addDims(1 << 15).addDims(1 << 15)),
                "sparse");
    }

    @Test
    void shouldRejectFaultyTensorsInsideNodes() {
        TensorProto faulty = TestModels.weight("value", TestModels.FLOAT, new float[] {1}, 2);
        NodeProto constant = NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput("two")
                .addAttribute(
                        onnx.Onnx.AttributeProto.newBuilder().setName("value").setT(faulty))
                .build();

        assertRejected(graph -> graph.addNode(constant), "'value'");
    }

    @Test
    void shouldRejectNamesThatAreThereTwice() {
        assertRejected(graph -> graph.addNode(TestModels.node("Neg", "map", "pixels")), "'map'");
        assertRejected(graph -> graph.addNode(TestModels.node("Neg", "w", "pixels")), "'w'");
        assertRejected(graph -> graph.addInitializer(WHOLE.getGraph().getInitializer(0)), "'w'");
    }

    @Test
    void shouldRejectReadsAndOutputsOfNothing() {
        assertRejected(graph -> graph.addNode(TestModels.node("Neg", "out", "nothing")), "'nothing'");
        assertRejected(graph -> graph.addOutput(TestModels.value("none", TestModels.FLOAT)), "'none'");
    }

    @Test
    void shouldRejectCycles() {
        assertRejected(
                graph -> graph.addNode(TestModels.node("Neg", "a", "b"))
                        .addNode(TestModels.node("Neg", "b", "a"))
                        .addNode(TestModels.node("Neg", "c", "b")),
                "is computed from itself");
    }

    @Test
    void shouldTakeNodesInAnyOrder() {
        ModelProto read = parse(graph -> graph.clearNode()
                .addNode(WHOLE.getGraph().getNode(2))
                .addNode(WHOLE.getGraph().getNode(0))
                .addNode(WHOLE.getGraph().getNode(1)));

        assertThat(OnnxGraph.of(read.getGraph()).nodes())
                .isEqualTo(WHOLE.getGraph().getNodeList());
    }

    @Test
    void shouldReadWeightsBesideTheModel() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(4 + 24).order(ByteOrder.LITTLE_ENDIAN);
        data.position(4);
        data.putFloat(1).putFloat(2).putFloat(3).putFloat(-1).putFloat(0).putFloat(0);
        Files.createDirectory(folder.resolve("data"));
        Files.write(folder.resolve("data/w.bin"), data.array());
        byte[] model = beside("data/w.bin", "4", "24");

        ModelProto read = OnnxModelFile.parse(model, folder, MAX_BYTES);

        TensorProto weight = read.getGraph().getInitializer(0);
        assertThat(weight.getRawData()).isEqualTo(ByteString.copyFrom(data.array(), 4, 24));
        assertThat(weight.getExternalDataCount()).isZero();
        assertThat(weight.getDataLocation()).isEqualTo(TensorProto.DataLocation.DEFAULT);
        assertThat(OnnxModelFile.externalLocations(model)).containsExactly("data/w.bin");
    }

    @Test
    void shouldRejectWeightsBesideAModelWithoutFolder() {
        assertThatThrownBy(() -> OnnxModelFile.parse(beside("w.bin", "0", "24")))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("[w.bin]")
                .hasMessageContaining("weights inside");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../w.bin",
                "a/../../w.bin",
                "a/../w.bin",
                "./w.bin",
                "",
                "link",
                "a",
                "none",
                "a\0b"
            })
    void shouldRejectPlacesOutsideTheFolder(String location) throws IOException {
        Path inner = Files.createDirectory(folder.resolve("model"));
        Files.createDirectory(inner.resolve("a"));
        Files.write(folder.resolve("w.bin"), new byte[24]);
        Files.write(inner.resolve("w.bin"), new byte[24]);
        Files.createSymbolicLink(inner.resolve("link"), folder.resolve("w.bin"));

        assertThatThrownBy(() -> OnnxModelFile.parse(beside(location, "0", "24"), inner, MAX_BYTES))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("'w'");
    }

    @ParameterizedTest
    @CsvSource({"0, 23, says 23", "1, 24, has 24", "-1, 24, negative offset", "x, 24, whole number"})
    void shouldRejectPlacesOutsideTheFile(String offset, String length, String why) throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[24]);

        assertThatThrownBy(() -> OnnxModelFile.parse(beside("w.bin", offset, length), folder, MAX_BYTES))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining(why);
    }

    @Test
    void shouldRejectMoreDataBesideThanAllowed() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[24]);
        byte[] model = beside("w.bin", "0", "24");

        assertThat(OnnxModelFile.parse(model, folder, model.length + 24)).isNotNull();
        assertThatThrownBy(() -> OnnxModelFile.parse(model, folder, model.length + 23))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("more than the 23 bytes");
    }

    @Test
    void shouldRejectPlacesThatOverlapToMoreThanTheFile() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[28]);
        GraphProto.Builder graph = WHOLE.getGraph().toBuilder();
        for (int i = 0; i < 2; i++) {
            graph.addInitializer(outside(
                    graph.getInitializer(0).toBuilder().setName("o" + i), "w.bin", Integer.toString(4 * i), "24"));
        }

        assertThatThrownBy(() ->
                        OnnxModelFile.parse(TestModels.model(graph.build()).toByteArray(), folder, MAX_BYTES))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("overlaps");
    }

    private static byte[] beside(String location, String offset, String length) {
        GraphProto.Builder graph = WHOLE.getGraph().toBuilder();
        outside(graph.getInitializerBuilder(0), location, offset, length);
        return TestModels.model(graph.build()).toByteArray();
    }

    private static TensorProto.Builder outside(
            TensorProto.Builder tensor, String location, String offset, String length) {
        return tensor.clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", offset))
                .addExternalData(entry("length", length));
    }

    private static StringStringEntryProto.Builder entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
    }

    private static ModelProto parse(Consumer<GraphProto.Builder> change) {
        GraphProto.Builder graph = WHOLE.getGraph().toBuilder();
        change.accept(graph);
        return OnnxModelFile.parse(TestModels.model(graph.build()).toByteArray());
    }

    private static void assertRejected(Consumer<GraphProto.Builder> change, String why) {
        assertThatThrownBy(() -> parse(change))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining(why);
    }
}
