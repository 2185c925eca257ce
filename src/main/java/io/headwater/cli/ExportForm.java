package io.headwater.cli;

import io.headwater.domain.ModelVersion;
import io.headwater.ops.VersionExport;
import io.headwater.ops.VersionExport.Format;
import io.headwater.ops.export.ExportFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The forms in which a version is exported. */
enum ExportForm {
    /** A complete ONNX model. */
    ONNX(Format.ONNX),
    /** A complete Deeplearning4j model. */
    DL4J(Format.DL4J),
    /** Only the trained weights. */
    SAFETENSORS(Format.SAFETENSORS),
    /** An ONNX model with everything that is needed to use it. */
    FOLDER(Format.ONNX);

    private final Format format;

    ExportForm(Format format) {
        this.format = format;
    }

    /** Returns the name by which it is chosen. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the form that the name of {@code path} stands for; empty when it is that of a file of another kind. */
    static Optional<ExportForm> of(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".onnx")) {
            return Optional.of(ONNX);
        } else if (name.endsWith(".safetensors")) {
            return Optional.of(SAFETENSORS);
        } else if (name.endsWith(".zip")) {
            return Optional.of(DL4J);
        }
        return name.matches(".*\\.[a-z]+[0-9]?") ? Optional.empty() : Optional.of(FOLDER);
    }

    /**
     * Checks that {@code path} can be written.
     *
     * @throws IllegalArgumentException when it cannot
     */
    void requireWritable(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (this == FOLDER) {
            ExportFolder.requireFree(path);
        } else if (Files.isDirectory(path)) {
            throw new IllegalArgumentException("an export must be written to a file, but '" + path + "' is a folder");
        } else if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "an export must be written to an existing folder, but there is no '" + folder + "'; create it");
        }
    }

    /** Writes {@code version} to {@code path}, where an existing file is replaced. */
    void write(VersionExport export, ModelVersion version, Path path) throws IOException {
        if (this == FOLDER) {
            ExportFolder.write(export, version, path);
        } else {
            Files.write(path, export.write(version, format));
        }
    }

    /** Converts the names of forms in lower case. */
    static final class Converter implements ITypeConverter<ExportForm> {
        @Override
        public ExportForm convert(String value) {
            return Arrays.stream(values())
                    .filter(form -> form.key().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("format must be one of "
                            + Arrays.stream(values()).map(ExportForm::key).collect(Collectors.joining(", "))
                            + ", but is '" + value + "'"));
        }
    }
}
