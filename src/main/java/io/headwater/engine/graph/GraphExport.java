package io.headwater.engine.graph;

import io.headwater.engine.graph.layer.Dense;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Writes a graph model for Deeplearning4j. */
final class GraphExport {
    private GraphExport() {}

    /**
     * Returns a zip that {@code ModelSerializer.restoreComputationGraph} can read. It contains the configuration and
     * the coefficients, but no updater state and no serialised Java objects. The same model gives the same bytes. If
     * the last vertex is a dense layer, it becomes an output layer.
     */
    static byte[] zip(GraphModel model) {
        ComputationGraph graph =
                GraphNetwork.answering(model, model.input().name(), model.output(), loss(model), DataType.FLOAT);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(entry("configuration.json"));
            zip.write(graph.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(entry("coefficients.bin"));
            DataOutputStream out = new DataOutputStream(zip);
            Nd4j.write(graph.params(), out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot happen in memory
        }
        return bytes.toByteArray();
    }

    private static ILossFunction loss(GraphModel model) {
        if (Objects.requireNonNull(model.vertex(model.output())).operation() instanceof Dense dense) {
            return switch (dense.activation().kind()) {
                case SOFTMAX -> new LossMCXENT();
                case SIGMOID -> new LossBinaryXENT();
                default -> new LossMSE();
            };
        }
        return new LossMSE(); // is not used
    }

    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(FileTime.from(Instant.EPOCH));
        return entry;
    }
}
