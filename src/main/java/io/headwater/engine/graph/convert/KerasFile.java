package io.headwater.engine.graph.convert;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.weights.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a Keras {@code .h5} file: its configuration and the weights of each layer. Used only in the converter
 * process.
 */
final class KerasFile implements AutoCloseable {
    private static final int MAX_DEPTH = 6;
    private static final int MAX_CONFIG = 32 << 20;
    private static final JsonMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(50).build())
                    .build())
            .build();

    /** The most values of 4 bytes that a byte of a file can stand for; Deflate makes at most 1,032 bytes of one. */
    private static final long MAX_VALUES_PER_BYTE = 260;

    private final HdfFile file;
    private final long maxValues;

    /**
     * Opens a file.
     *
     * @param maxValues the maximum number of values of one tensor
     */
    KerasFile(Path path, long maxValues) {
        try (FileChannel channel = FileChannel.open(path)) {
            long size = channel.size();
            // Mapped, because the library allocates memory for whatever length a file declares where it reads a
            // channel.
            file = HdfFile.fromByteBuffer(channel.map(MapMode.READ_ONLY, 0, size));
            this.maxValues = Math.min(maxValues, MAX_VALUES_PER_BYTE * size);
        } catch (IOException e) {
            throw new GraphException("the file cannot be read: " + e, e);
        }
    }

    /** Returns the architecture as Keras wrote it. */
    JsonNode configuration() {
        Attribute config = file.getAttribute("model_config");
        if (config == null || !(config.getData() instanceof String text)) {
            throw new GraphException(
                    "the file has no text attribute 'model_config', so it holds weights at most; save the"
                            + " whole model with model.save('model.h5')");
        }
        if (text.length() > MAX_CONFIG) {
            throw new GraphException("'model_config' may have " + MAX_CONFIG + " characters, but has " + text.length());
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new GraphException("'model_config' must be JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Returns the tensors of a layer by the last part of their names, such as {@code kernel}; empty if the layer has
     * no weights.
     */
    Map<String, Tensor.F32> weights(String layer) {
        Map<String, Tensor.F32> weights = new TreeMap<>();
        if (child(file, "model_weights") instanceof Group all && child(all, layer) instanceof Group group) {
            collect(layer, group, weights, 0);
        }
        return weights;
    }

    @Override
    public void close() {
        file.close();
    }

    /** Finds a node by its name, in which slashes separate nested groups. */
    private static @Nullable Node child(Group group, String name) {
        Node node = group;
        for (String part : name.split("/", -1)) {
            node = node instanceof Group parent ? parent.getChildren().get(part) : null;
            requireNoLink(name, node);
        }
        return node;
    }

    private void collect(String layer, Group group, Map<String, Tensor.F32> weights, int depth) {
        if (depth > MAX_DEPTH) {
            throw new GraphException(
                    "the weights of layer '" + layer + "' are nested more than " + MAX_DEPTH + " deep");
        }
        for (Node node : group.getChildren().values()) {
            requireNoLink(layer, node);
            if (node instanceof Group inner) {
                collect(layer, inner, weights, depth + 1);
            } else if (node instanceof Dataset data) {
                String name = data.getName().replaceFirst(":0$", "");
                if (weights.put(name, tensor(layer, data)) != null) {
                    throw new GraphException("layer '" + layer + "' has two weights named '" + name + "'");
                }
            }
        }
    }

    private Tensor.F32 tensor(String layer, Dataset data) {
        long size = 1;
        for (int axis : data.getDimensions()) {
            size = Math.multiplyExact(size, Math.max(1L, axis));
        }
        if (size > maxValues) {
            throw new GraphException("weight '" + data.getName() + "' of layer '" + layer + "' may have " + maxValues
                    + " values, but has " + size);
        }
        Object flat = data.getDataFlat();
        if (flat instanceof float[] floats) {
            return new Tensor.F32(data.getDimensions(), floats);
        }
        if (flat instanceof double[] doubles) {
            float[] floats = new float[doubles.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) doubles[i];
            }
            return new Tensor.F32(data.getDimensions(), floats);
        }
        throw new GraphException("weight '" + data.getName() + "' of layer '" + layer
                + "' must be of 32- or 64-bit floats, but is of " + data.getJavaType());
    }

    /** Refuses links, which could point to another file. */
    private static void requireNoLink(String name, @Nullable Node node) {
        if (node != null && node.isLink()) {
            throw new GraphException(
                    "'" + name + "' holds a link, '" + node.getName() + "'; copy the data into the file");
        }
    }
}
