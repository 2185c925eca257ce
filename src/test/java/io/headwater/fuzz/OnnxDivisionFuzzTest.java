package io.headwater.fuzz;

import io.headwater.engine.TestModels;
import io.headwater.engine.onnx.Blocks;
import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.Cuts;
import io.headwater.engine.onnx.FreeBatch;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.onnx.Reproducible;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;

/** The graphs of ONNX files, as they are divided into cuts, blocks and a part that can be trained. */
class OnnxDivisionFuzzTest extends ReaderFuzzing {
    @Override
    void read(byte[] bytes) {
        try {
            ModelProto model = OnnxModelFile.parse(bytes);
            OnnxGraph graph = OnnxGraph.of(model.getGraph());
            if (graph.inputs().isEmpty() || graph.outputs().isEmpty()) {
                return;
            }
            List<String> sample = List.of(graph.inputs().get(0).getName());
            String output = graph.outputs().get(0);
            FreeBatch.of(bytes, Set.copyOf(sample));
            List<Cut> cuts = Cuts.of(graph, sample, List.of(output));
            Blocks.below(graph, sample, List.of(output));
            for (int i = 0; i < cuts.size(); i += Math.max(1, cuts.size() / 2)) {
                Segment.of(model, cuts.get(i).tensors(), output, sample);
            }
            Reproducible.check(graph.nodes());
        } catch (OnnxException | TopException refused) {
            // Documented for bytes that are no model, and for models that cannot be divided.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                        TestModels.convNet(TestModels.FLOAT),
                        TestModels.convNet(TestModels.HALF),
                        TestModels.policy(2),
                        TestModels.deepPolicy())
                .map(model -> model.toByteArray());
    }

    @Override
    Stream<byte[]> large() {
        int nodes = 20_000;
        GraphProto.Builder chain = graph();
        GraphProto.Builder ladder = graph();
        GraphProto.Builder fan = graph();
        IntStream.range(0, nodes).forEach(i -> {
            String below = i == 0 ? "x" : "t" + (i - 1);
            chain.addNode(TestModels.node("Relu", "t" + i, below));
            ladder.addNode(TestModels.node("Add", "t" + i, below, i < 2 ? "x" : "t" + (i - 2)));
            fan.addNode(TestModels.node("Add", "t" + i, below, "x"));
        });
        return Stream.of(chain, ladder, fan)
                .map(graph -> ModelProto.newBuilder()
                        .setIrVersion(8)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                        .setGraph(graph.addOutput(TestModels.value("t" + (nodes - 1), TestModels.FLOAT, 1, 2)))
                        .build()
                        .toByteArray());
    }

    private static GraphProto.Builder graph() {
        return GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.value("x", TestModels.FLOAT, 1, 2))
                .addInitializer(TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(TestModels.FLOAT)
                        .addDims(1)
                        .addFloatData(1));
    }
}
