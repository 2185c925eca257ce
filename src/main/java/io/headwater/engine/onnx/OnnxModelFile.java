package io.headwater.engine.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import onnx.Onnx.ModelProto;
import org.jspecify.annotations.Nullable;

/**
 * Reads an ONNX file and checks it before anything native sees it. What is read holds to these rules:
 *
 * <ul>
 *   <li>it has nodes, of the domains ai.onnx (opset 7 to 21) and com.microsoft;
 *   <li>every tensor has as much data as its shape says; initializers, text aside, have it as {@code raw_data};
 *   <li>names are unique, every name that is read is known, and nothing is computed from itself;
 *   <li>data beside the file lies in its folder, whose links are not followed out of it, and within its files.
 * </ul>
 *
 * <p>Whatever the bytes are, the outcome is a model or an {@link OnnxException}. Besides the bytes themselves, reading
 * takes at most as much again plus 32 MiB of memory: messages share the file's bytes, so do not change them after.
 */
public final class OnnxModelFile {
    private OnnxModelFile() {}

    /**
     * The model in {@code file}, with all data inside.
     *
     * @param maxBytes what the file and its data beside it may have together, positive
     * @throws OnnxException when it is no such model, is too large or cannot be read
     */
    public static ModelProto read(Path file, int maxBytes) {
        return parse(bytes(file, maxBytes), file.toAbsolutePath().getParent(), maxBytes);
    }

    /**
     * The model in {@code bytes}, which must have all data inside.
     *
     * @throws OnnxException when it is no such model
     */
    public static ModelProto parse(byte[] bytes) {
        return parse(bytes, null, bytes.length);
    }

    /**
     * The model in {@code bytes}, with all data inside.
     *
     * @param folder where data beside the model is looked for; null when there is none
     * @param maxBytes what the model and its data beside it may have together, positive
     * @throws OnnxException when it is no such model or is too large
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
            return model;
        }
        if (folder == null) {
            throw new OnnxException("the model must have its weights inside as it has no folder, but keeps them in "
                    + beside + "; save it with its weights inside, or give a path to it");
        }
        return ExternalData.inline(model, folder, (long) maxBytes - bytes.length);
    }

    /**
     * The files in which the initializers of a model keep data, as the model names them; sorted, unchecked.
     *
     * @throws OnnxException when {@code bytes} is no ONNX model
     */
    public static Set<String> externalLocations(byte[] bytes) {
        return ExternalData.locations(ModelReader.read(bytes));
    }

    /** The version of the standard operators that a model uses. */
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
