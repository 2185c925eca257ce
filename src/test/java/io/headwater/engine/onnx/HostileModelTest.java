package io.headwater.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.headwater.engine.TestModels;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.Message;

/** Tests that reading any bytes ends with a model or the one documented exception, and takes little memory. */
class HostileModelTest {
    private static final long SMALL = 512 << 10;
    private static final List<byte[]> SEEDS = List.of(
            TestModels.convNet(TestModels.FLOAT).toByteArray(),
            TestModels.convNet(TestModels.HALF).toByteArray(),
            branching().toByteArray());

    static {
        // Loading classes takes memory once, regardless of the file.
        SEEDS.forEach(HostileModelTest::allocated);
        SEEDS.forEach(seed -> allocated(Arrays.copyOf(seed, seed.length / 2)));
        allocated(new byte[] {10, 0});
    }

    @Property(tries = 3000)
    void shouldEndMutatedBytesAsAModelOrAsTheOneException(
            @ForAll @IntRange(max = 2) int seed, @ForAll long random, @ForAll @IntRange(min = 1, max = 6) int changes) {
        byte[] bytes = SEEDS.get(seed).clone();
        Random rnd = new Random(random);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            bytes = mutate(bytes, rnd);
        }

        assertThat(allocated(bytes)).isLessThanOrEqualTo(2L * bytes.length + SMALL);
    }

    private static byte[] mutate(byte[] bytes, Random rnd) {
        int at = rnd.nextInt(bytes.length);
        switch (rnd.nextInt(5)) {
            case 0 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 1 -> bytes[at] ^= (byte) (1 << rnd.nextInt(8));
            // Length fields become huge.
            case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + rnd.nextInt(9)), (byte) 0xff);
            case 3 -> bytes[at] = (byte) rnd.nextInt(256);
            default -> {
                int from = rnd.nextInt(bytes.length);
                int length = Math.min(rnd.nextInt(32), bytes.length - Math.max(from, at));
                System.arraycopy(bytes, from, bytes, at, length);
            }
        }
        return bytes;
    }

    /**
     * Returns files with the maximum accepted number of one kind of small part, each of which takes many times its
     * bytes in memory.
     */
    static Stream<List<byte[]>> parts() {
        NodeProto node = NodeProto.getDefaultInstance();
        GraphProto.Builder graph = GraphProto.newBuilder();
        return Stream.of(
                        in(graph(), GraphProto.NODE_FIELD_NUMBER, node),
                        in(
                                graph(),
                                GraphProto.NODE_FIELD_NUMBER,
                                node.toBuilder().addOutput("a").addInput("a").build()),
                        in(graph(), GraphProto.INPUT_FIELD_NUMBER, ValueInfoProto.getDefaultInstance()),
                        in(graph(), GraphProto.INITIALIZER_FIELD_NUMBER, tensor().build()),
                        in(
                                graph(),
                                GraphProto.INITIALIZER_FIELD_NUMBER,
                                tensor().addDims(0).addInt32Data(1).build()),
                        bytes(graph.clear()
                                .addNode(node.toBuilder().addAttribute(attribute()))
                                .build()),
                        bytes(graph.clear()
                                .addNode(node.toBuilder().addAllInput(names()))
                                .build()),
                        bytes(graph.clear().setDocString("é".repeat(5 << 20)).build()),
                        bytes(graph.clear()
                                .addInitializer(tensor().addAllInt64Data(ones()))
                                .build()),
                        bytes(graph.clear()
                                .addInitializer(tensor().addAllDims(ones()))
                                .build()),
                        bytes(graph.clear()
                                .addInitializer(tensor().setRawData(ByteString.copyFrom(new byte[8 << 20])))
                                .build()))
                .map(List::of);
    }

    @ParameterizedTest
    @MethodSource("parts")
    void shouldTakeNoMoreThanTwiceTheFileForParts(List<byte[]> file) {
        // Given
        byte[] part = file.get(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int times = part.length > 1000 ? 1 : 1 << 20;
        for (int count : new int[] {times, times / 8, times / 16, times / 32, times / 64}) {
            out.reset();
            for (int i = 0; i < count; i++) {
                out.writeBytes(part);
            }
            byte[] graph = out.toByteArray();
            byte[] bytes = ModelProto.newBuilder()
                    .setUnknownFields(org.nd4j.shade.protobuf.UnknownFieldSet.newBuilder()
                            .addField(
                                    ModelProto.GRAPH_FIELD_NUMBER,
                                    org.nd4j.shade.protobuf.UnknownFieldSet.Field.newBuilder()
                                            .addLengthDelimited(ByteString.copyFrom(graph))
                                            .build())
                            .build())
                    .addOpsetImport(TestModels.convNet(TestModels.FLOAT).getOpsetImport(0))
                    .build()
                    .toByteArray();

            // When
            long allocated = allocated(bytes);

            // Then, with the file itself
            assertThat(allocated + bytes.length)
                    .isLessThanOrEqualTo(2L * bytes.length + WireBounds.PARTS_BYTES + SMALL);
        }
    }

    @Test
    void shouldRejectGraphsNestedTooDeep() {
        GraphProto graph = GraphProto.getDefaultInstance();
        for (int i = 0; i < 60; i++) {
            graph = GraphProto.newBuilder()
                    .addNode(TestModels.node("If", "out").toBuilder().addAttribute(TestModels.branch("b", graph)))
                    .build();
        }
        byte[] bytes = TestModels.model(graph).toByteArray();

        assertThatThrownBy(() -> OnnxModelFile.parse(bytes))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("nested");
    }

    /** Returns the bytes that this thread allocates to read a file, whether or not it can be read. */
    private static long allocated(byte[] bytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        String fault = "";
        try {
            OnnxModelFile.parse(bytes);
        } catch (OnnxException e) {
            fault = e.getMessage();
        }
        long allocated = threads.getThreadAllocatedBytes(id) - before;
        assertThat(fault).matches("(?s)|.*[;.] .*");
        return allocated;
    }

    private static ModelProto branching() {
        GraphProto branch = GraphProto.newBuilder()
                .setName("branch")
                .addInitializer(TestModels.weight("b", TestModels.FLOAT, new float[] {1, 2}, 2))
                .addNode(TestModels.node("Mul", "inner", "x", "b"))
                .addOutput(ValueInfoProto.newBuilder().setName("inner"))
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .addInput(TestModels.value("x", TestModels.FLOAT, 2))
                .addInput(TestModels.value("c", 9))
                .addNode(TestModels.node("If", "y", "c").toBuilder()
                        .addAttribute(TestModels.branch("then_branch", branch))
                        .addAttribute(TestModels.branch("else_branch", branch)))
                .addOutput(TestModels.value("y", TestModels.FLOAT, 2))
                .build();
        return TestModels.model(graph);
    }

    private static GraphProto graph() {
        return GraphProto.getDefaultInstance();
    }

    private static byte[] in(GraphProto graph, int field, Message part) {
        return graph.toBuilder()
                .addRepeatedField(GraphProto.getDescriptor().findFieldByNumber(field), part)
                .build()
                .toByteArray();
    }

    private static byte[] bytes(GraphProto graph) {
        return graph.toByteArray();
    }

    private static TensorProto.Builder tensor() {
        return TensorProto.newBuilder().setName("t").setDataType(ElementType.INT64.code());
    }

    private static AttributeProto.Builder attribute() {
        return AttributeProto.newBuilder().addAllInts(ones());
    }

    private static List<Long> ones() {
        return java.util.Collections.nCopies(4 << 20, 1L);
    }

    private static List<String> names() {
        return java.util.Collections.nCopies(1 << 20, "n");
    }
}
