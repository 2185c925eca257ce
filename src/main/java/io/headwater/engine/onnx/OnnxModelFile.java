package io.headwater.engine.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import org.jspecify.annotations.Nullable;

/**
 * Reads an ONNX file and checks it before it is passed to native code. A model that is returned satisfies these rules:
 *
 * <ul>
 *   <li>it has nodes, whose domains are ai.onnx (opset 7 to 26) and com.microsoft;
 *   <li>the amount of data of every tensor matches its shape; initializers other than strings have {@code raw_data};
 *   <li>names are unique, every name that is read is defined, and no tensor is computed from itself;
 *   <li>weights are initializers, also those that the file keeps in {@code Constant} nodes;
 *   <li>the numbers behind quantised tensors are computed, so that the model can be cut there;
 *   <li>every {@code Dropout} is in inference mode, unless nodes compute its mode;
 *   <li>external data lies in the model's folder, out of which no links lead, and within the bounds of its files.
 * </ul>
 *
 * <p>For any input the outcome is a model or an {@link OnnxException}. Besides the bytes themselves, reading takes at
 * most the same amount of memory again plus 32 MiB. The messages share the bytes of the input, which must therefore not
 * be changed afterwards.
 */
public final class OnnxModelFile {
    private OnnxModelFile() {}

    /**
     * Reads the model in {@code file} and inlines external data.
     *
     * @param maxBytes the maximum total size of the file and its external data, positive
     * @throws OnnxException if it is not such a model, is too large or cannot be read
     */
    public static ModelProto read(Path file, int maxBytes) {
        return parse(bytes(file, maxBytes), file.toAbsolutePath().getParent(), maxBytes);
    }

    /**
     * Parses the model in {@code bytes}, which must not have external data.
     *
     * @throws OnnxException if it is not such a model
     */
    public static ModelProto parse(byte[] bytes) {
        return parse(bytes, null, bytes.length);
    }

    /**
     * Parses the model in {@code bytes} and inlines external data.
     *
     * @param folder the folder that contains external data; null if there is none
     * @param maxBytes the maximum total size of the model and its external data, positive
     * @throws OnnxException if it is not such a model or is too large
     */
    public static ModelProto parse(byte[] bytes, @Nullable Path folder, int maxBytes) {
        if (bytes.length > maxBytes) {
            throw tooLarge(bytes.length, maxBytes);
        }
        ModelProto model = ModelReader.read(bytes);
        ModelRules.check(model);
        OnnxGraph.of(model.getGraph());
        Set<String> beside = ExternalData.locations(model);
        if (beside.isEmpty()) {
            return normal(model);
        }
        if (folder == null) {
            throw new OnnxException("the model must have its weights inside as it has no folder, but keeps them in "
                    + beside + "; save it with its weights inside, or give a path to it");
        }
        return normal(ExternalData.inline(model, folder, (long) maxBytes - bytes.length));
    }

    private static ModelProto normal(ModelProto model) {
        GraphProto graph = model.getGraph();
        GraphProto changed = DequantizedTensors.added(
                DropoutNodes.inInference(ConstantWeights.asInitializers(graph)), ModelRules.opset(model));
        return changed == graph ? model : model.toBuilder().setGraph(changed).build();
    }

    /**
     * The names of the external data files of a model, sorted, as they are in the model and unchecked.
     *
     * @throws OnnxException if {@code bytes} is not an ONNX model
     */
    public static Set<String> externalLocations(byte[] bytes) {
        return ExternalData.locations(ModelReader.read(bytes));
    }

    /** The version of the standard operator set that a model uses. */
    public static long opset(ModelProto model) {
        return ModelRules.opset(model);
    }

    private static byte[] bytes(Path file, int maxBytes) {
        if (!Files.isRegularFile(file)) {
            throw new OnnxException("model file '" + file + "' cannot be found: no such file exists; check the path");
        }
        try (InputStream in = Files.newInputStream(file)) {
            long size = Files.size(file);
            if (size > maxBytes) {
                throw tooLarge(size, maxBytes);
            }
            byte[] bytes = new byte[(int) size];
            ExternalData.fill(in, bytes);
            return bytes;
        } catch (IOException e) {
            throw new OnnxException(
                    "model file '" + file + "' cannot be read: " + e.getMessage() + "; check the file", e);
        }
    }

    private static OnnxException tooLarge(long size, int maxBytes) {
        return new OnnxException(
                "the model file may have at most " + maxBytes + " bytes, but has " + size + "; use a smaller model");
    }
}
