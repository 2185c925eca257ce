package io.headwater.engine.inspect;

import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
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
 * A manifest made of what a model's file tells.
 *
 * @param manifest the draft
 * @param notes what the file does not tell and a person must, by the paths of keys
 */
public record ManifestDraft(BaseModelManifest manifest, Map<String, String> notes) {

    public ManifestDraft {
        notes = Map.copyOf(notes);
    }

    /**
     * What is known besides the file.
     *
     * @param name of the base model
     * @param licence of it; empty when nothing is known
     * @param tokenizer of a text model; empty for {@code tokenizer.json} beside the model
     */
    public record Known(String name, Optional<String> licence, Optional<Path> tokenizer) {}

    /**
     * The draft for the model in {@code file}.
     *
     * @throws BackboneException when the model's inputs are none that a manifest can describe
     * @throws UncheckedIOException when a file cannot be read
     */
    public static ManifestDraft of(Path file, ModelInspection model, Known known) {
        Path path = file.toAbsolutePath().normalize();
        Map<String, String> notes = new HashMap<>();
        if (known.licence().isEmpty()) {
            notes.put("licence", "correct this: the SPDX identifier, or what is stated where the file comes from");
        }
        List<ModelFile> files = new ArrayList<>();
        for (String location : model.files()) {
            files.add(file(path.resolveSibling(location)));
        }
        BaseModelManifest manifest = new BaseModelManifest(
                known.name(),
                known.licence().orElse("unknown"),
                model.family(),
                file(path),
                files,
                new InputDraft(
                                model.inputs(),
                                model.positions(),
                                known.tokenizer().orElse(path.resolveSibling("tokenizer.json")),
                                notes)
                        .input(),
                model.feature(),
                blocks(model),
                model.poolingKind(),
                false);
        return new ManifestDraft(manifest, notes);
    }

    /** As YAML for a file in {@code folder}, with a place for what may be left out. */
    public String yaml(Path folder) {
        Map<String, String> all = new HashMap<>(notes);
        all.putIfAbsent(
                "labels",
                "for head.output-layer keep: the classes of the model's own output layer, in the order of its outputs");
        return BaseModelFile.write(manifest, folder, all);
    }

    /** The cuts below the top blocks, as far as there are any. */
    private static List<String> blocks(ModelInspection model) {
        Set<String> seen = new HashSet<>();
        return model.blocks().stream()
                .map(BlockInfo::cut)
                .filter(cut -> !cut.isEmpty() && seen.add(cut))
                .toList();
    }

    /** The file at {@code path} with the digest that it has. */
    public static ModelFile file(Path path) {
        try {
            return new ModelFile(path.toAbsolutePath().normalize().toString(), Digest.of(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new UncheckedIOException("model file '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
