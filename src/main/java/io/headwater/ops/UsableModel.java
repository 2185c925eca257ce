package io.headwater.ops;

import io.headwater.config.BaseModelManifest;
import io.headwater.engine.graph.convert.GraphModelConverter;
import io.headwater.engine.graph.convert.GraphModelConverter.Limits;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.inspect.GraphInspector;
import io.headwater.engine.inspect.ManifestDraft;
import io.headwater.engine.inspect.ModelInspection;
import io.headwater.engine.inspect.OnnxInspector;
import io.headwater.engine.model.ModelFormat;
import io.headwater.engine.weights.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model in a format that services can load: the given file, or the result of converting it in a separate process.
 *
 * @param file the file to load
 * @param inspection the structure of the model
 * @param temporary temporary folder to delete afterwards; null when nothing was converted or copied
 */
public record UsableModel(
        Path file, ModelInspection inspection, @Nullable Path temporary) implements AutoCloseable {

    /**
     * Returns the file that {@code given} means: itself, or the model in a folder as exporters write it, which is
     * {@code model.onnx}, also in {@code onnx}, or the only ONNX file.
     *
     * @throws IllegalArgumentException when it is a folder without such a file
     */
    public static Path file(Path given) throws IOException {
        if (!Files.isDirectory(given)) {
            return given;
        }
        Optional<Path> usual = Stream.of("model.onnx", "onnx/model.onnx")
                .map(given::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
        if (usual.isPresent()) {
            return usual.get();
        }
        try (Stream<Path> entries = Files.list(given)) {
            List<Path> models = entries.filter(
                            entry -> String.valueOf(entry.getFileName()).endsWith(".onnx"))
                    .sorted()
                    .toList();
            if (models.size() != 1) {
                throw new IllegalArgumentException(
                        "folder '%s' must contain model.onnx or a single .onnx file, but contains %s"
                                .formatted(
                                        given,
                                        models.isEmpty()
                                                ? "none; name the file of the model"
                                                : models.size() + " of them; name one, such as '" + models.get(0)
                                                        + "'"));
            }
            return models.get(0);
        }
    }

    /**
     * Inspects {@code given}, after converting it if services cannot load it.
     *
     * @param image rows and columns of the input if the file does not specify them; otherwise null
     * @throws RuntimeException when it does not contain a usable model; the message contains the reason
     */
    public static UsableModel of(Path given, @Nullable Size image) throws IOException {
        ModelFormat format = ModelFormat.of(given);
        return switch (format) {
            case ONNX -> new UsableModel(given, OnnxInspector.inspect(given), null);
            case GRAPH -> new UsableModel(given, GraphInspector.inspect(given, "graph"), null);
            case HDF5 -> converted(given, image, "keras");
            case ZIP -> converted(given, image, "deeplearning4j");
            case UNKNOWN ->
                throw new IllegalArgumentException("model file '" + given
                        + "' must be an ONNX file, a Keras .h5 file or a Deeplearning4j zip, but has the first bytes of no"
                        + " format that is known; convert it to ONNX");
        };
    }

    /**
     * Inspects the model of a base model; a model on the class path is copied to a temporary folder first.
     *
     * @throws RuntimeException when it does not contain a usable model; the message contains the reason
     */
    public static UsableModel of(BaseModelManifest manifest) throws IOException {
        if (ModelFiles.folder(manifest.model()) != null) {
            return of(Path.of(manifest.model().location()), null);
        }
        Path folder = Files.createTempDirectory("headwater-model-");
        Path copy = folder.resolve("model");
        try {
            Files.write(copy, ModelFiles.read(manifest.model(), Integer.MAX_VALUE));
            UsableModel usable = of(copy, null);
            return new UsableModel(copy, usable.inspection(), folder);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(copy);
            Files.delete(folder);
            throw e;
        }
    }

    private static UsableModel converted(Path given, @Nullable Size image, String format) throws IOException {
        Path folder = Files.createTempDirectory("headwater-model-");
        String name = String.valueOf(given.getFileName()).replaceFirst("\\.[^.]*$", "");
        Path out = folder.resolve(name + ".safetensors");
        try {
            GraphModelConverter.convert(given, out, image, Limits.USUAL);
            return new UsableModel(out, GraphInspector.inspect(out, format), folder);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(out);
            Files.delete(folder);
            throw e;
        }
    }

    /**
     * Converts a manifest of the given file to a manifest of the file that services load.
     *
     * @throws io.headwater.domain.ArtifactException when the given file does not match the digest in the manifest
     */
    public BaseModelManifest described(BaseModelManifest given) {
        if (temporary == null) {
            return given;
        }
        ModelFiles.read(given.model(), Integer.MAX_VALUE);
        return given.withFiles(ManifestDraft.file(file), given.files()).withLabels(List.of());
    }

    @Override
    public void close() throws IOException {
        if (temporary != null) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(temporary);
        }
    }
}
