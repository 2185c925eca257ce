package io.headwater.engine.inspect;

import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.domain.Digest;
import io.headwater.engine.BackboneException;
import io.headwater.engine.inspect.ModelInspection.BlockInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A draft of a manifest, derived from a model's file.
 *
 * @param manifest the draft
 * @param notes what the file does not state and a person must fill in, by key path
 */
public record ManifestDraft(BaseModelManifest manifest, Map<String, String> notes) {
    private static final String CORRECT = "# correct this";

    public ManifestDraft {
        notes = Map.copyOf(notes);
    }

    /**
     * Information that is not in the model's file.
     *
     * @param name the name of the base model
     * @param licence the licence of the base model; empty if unknown
     * @param tokenizer the tokenizer file of a text model; empty for the one beside the model
     */
    public record Known(String name, Optional<String> licence, Optional<Path> tokenizer) {}

    /**
     * Returns the draft for the model in {@code file}.
     *
     * @throws BackboneException when no manifest can describe the model; it tells why
     * @throws UncheckedIOException when a file cannot be read
     */
    public static ManifestDraft of(Path file, ModelInspection model, Known known) {
        if (!model.fault().isEmpty()) {
            throw new BackboneException("no manifest of the model can be drafted: " + model.fault());
        }
        Path path = file.toAbsolutePath().normalize();
        Map<String, String> notes = new HashMap<>();
        if (known.licence().isEmpty()) {
            notes.put("licence", "correct this: the SPDX identifier, or what is stated where the file comes from");
        }
        List<ModelFile> files = new ArrayList<>();
        for (String location : model.files()) {
            files.add(file(path.resolveSibling(location)));
        }
        HubFiles beside = HubFiles.beside(path);
        boolean isSentence =
                model.poolingKind() != Pooling.NONE && beside.pooling().isPresent();
        BaseModelManifest manifest = new BaseModelManifest(
                known.name(),
                known.licence().orElse("unknown"),
                model.family(),
                file(path),
                files,
                new InputDraft(
                                model.inputs(),
                                model.positions(),
                                model.freeSize(),
                                known.tokenizer().orElseGet(beside::tokenizer),
                                beside,
                                notes)
                        .input(),
                model.feature(),
                blocks(model),
                isSentence ? beside.pooling().orElseThrow() : model.poolingKind(),
                isSentence && beside.normalises());
        return new ManifestDraft(manifest, notes);
    }

    /** Returns the draft as YAML for a file in {@code folder}, with placeholders for optional keys. */
    public String yaml(Path folder) {
        Map<String, String> all = new HashMap<>(notes);
        all.putIfAbsent(
                "labels",
                "for head.output-layer keep: the classes of the model's own output layer, in the order of its outputs");
        return BaseModelFile.write(manifest, folder, all);
    }

    /**
     * Returns the names of the keys in the manifest {@code file} that still have the comment of a draft that says to correct them;
     * empty if there are none, or the file cannot be read.
     */
    public static List<String> uncorrected(Path file) {
        List<String> open = new ArrayList<>();
        try {
            boolean isMarked = false;
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                if (isMarked && !text.startsWith("#")) {
                    open.add(text.replaceFirst(":.*", ""));
                }
                isMarked = text.startsWith(CORRECT) || isMarked && text.startsWith("#");
            }
        } catch (IOException e) {
            return List.of(); // who reads the manifest says why it cannot be read
        }
        return open;
    }

    /** Returns the cuts below the top blocks, as far as they can be trained. */
    private static List<String> blocks(ModelInspection model) {
        Set<String> seen = new HashSet<>();
        return model.blocks().stream()
                .filter(block -> block.fault().isEmpty())
                .map(BlockInfo::cut)
                .filter(cut -> !cut.isEmpty() && seen.add(cut))
                .toList();
    }

    /** Returns the file at {@code path} with its actual digest. */
    public static ModelFile file(Path path) {
        try {
            return new ModelFile(path.toAbsolutePath().normalize().toString(), Digest.of(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new UncheckedIOException("model file '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
