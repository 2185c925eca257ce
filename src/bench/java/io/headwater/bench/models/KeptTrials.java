package io.headwater.bench.models;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reports of models that were tried, one file for each, so that a run that was stopped can go on. A report is named by
 * the content of the model's file and how much was tried, not by what accompanied the model, nor by the code that tried it.
 */
final class KeptTrials {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final ModelTrial.Extent extent;

    KeptTrials(Path folder, ModelTrial.Extent extent) {
        this.folder = folder;
        this.extent = extent;
    }

    /** Returns the report of the model in {@code file}; null if it has not been tried. */
    @Nullable
    Map<String, Object> of(Path file) throws IOException {
        Path kept = path(file);
        return Files.exists(kept) ? JSON.readValue(kept.toFile(), new TypeReference<>() {}) : null;
    }

    void keep(Path file, Map<String, Object> report) throws IOException {
        JSON.writeValue(Files.createDirectories(folder).resolve("partial").toFile(), report);
        Files.move(folder.resolve("partial"), path(file));
    }

    private Path path(Path file) throws IOException {
        return folder.resolve("%s-%s-%s.json"
                .formatted(
                        file.getFileName(),
                        extent,
                        Digest.of(Files.readAllBytes(file)).abbreviated()));
    }
}
