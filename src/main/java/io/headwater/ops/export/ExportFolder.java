package io.headwater.ops.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.Stage;
import io.headwater.config.TaskKind;
import io.headwater.config.TextInput;
import io.headwater.domain.ModelVersion;
import io.headwater.engine.weights.ModelFiles;
import io.headwater.ops.VersionExport;
import io.headwater.ops.VersionExport.Format;
import io.headwater.store.NewFolder;
import io.headwater.task.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Exports a version as a folder with everything that a program needs to predict with it in ONNX Runtime: the model, the names of
 * its outputs, the tokenizer or the front end, and a description of the preprocessing together with a program that follows it.
 */
public final class ExportFolder {
    static final String MODEL = "model.onnx";
    static final String LABELS = "labels.json";
    static final String PREPROCESSING = "preprocessing.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String FRONT_END = "front-end.onnx";
    static final String PROGRAM = "predict.py";
    static final String README = "README.md";

    private static final int MAX_MODEL_BYTES = 1 << 28;
    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private ExportFolder() {}

    /**
     * Writes the folder; it has its name only when it is complete.
     *
     * @param folder new or empty
     * @throws IllegalArgumentException when {@code folder} is neither new nor empty
     * @throws io.headwater.domain.ArtifactException when an artifact or a file of the base model is missing or does not
     *     match its digest
     * @throws io.headwater.config.ConfigurationException when the base model is not available here
     * @throws io.headwater.engine.BackboneException when the model cannot be written as ONNX
     */
    public static void write(VersionExport export, ModelVersion version, Path folder) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        requireFree(target);
        AdaptationConfig config = export.configuration(version);
        BaseModelManifest manifest = BaseModelFile.resolve(config.base());
        try (NewFolder filling = NewFolder.in(Objects.requireNonNull(target.getParent()))) {
            filling.write(MODEL, export.write(version, Format.ONNX));
            filling.write(LABELS, json(version.labels()));
            filling.write(PREPROCESSING, json(preprocessing(config, manifest, version)));
            if (manifest.input() instanceof TextInput text) {
                filling.write(TOKENIZER, Tokenizer.json(text));
            }
            if (manifest.input() instanceof AudioInput audio && audio.reads() instanceof Stage stage) {
                filling.write(FRONT_END, ModelFiles.read(stage.file(), MAX_MODEL_BYTES));
            }
            filling.write(PROGRAM, resource(PROGRAM));
            filling.write(
                    README,
                    ExportReadme.of(config.task(), manifest.input(), version).getBytes(StandardCharsets.UTF_8));
            Files.deleteIfExists(target);
            filling.name(String.valueOf(target.getFileName()));
        }
    }

    /**
     * Checks that {@code folder} can be written.
     *
     * @throws IllegalArgumentException when it is neither new nor empty
     */
    public static void requireFree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (Files.isDirectory(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isEmpty()) {
                    return;
                }
            }
        }
        throw new IllegalArgumentException("an export must be written to a new or an empty folder, but '" + folder
                + "' is " + (Files.isDirectory(folder) ? "not empty" : "a file") + "; name another");
    }

    private static Map<String, Object> preprocessing(
            AdaptationConfig config, BaseModelManifest manifest, ModelVersion version) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("version", version.ref().toString());
        description.put("task", config.task().key());
        description.put("input", BaseModelFile.input(manifest.withInput(read(config.task(), manifest.input()))));
        return description;
    }

    /** Returns the input as the task reads it. */
    private static BaseModelInput read(TaskKind task, BaseModelInput input) {
        return task == TaskKind.AUTOMATIC_SPEECH_RECOGNITION && input instanceof AudioInput audio
                ? audio.withSilence()
                : input;
    }

    private static byte[] json(Object value) {
        try {
            return (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists and texts are always valid JSON", e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ExportFolder.class.getResourceAsStream("/export/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
