package io.headwater.engine;

import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Channels;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.Input;
import io.headwater.config.BaseModelManifest.Layout;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.TensorInput;
import io.headwater.config.BaseModelManifest.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.ModelInspection.BlockInfo;
import io.headwater.engine.ModelInspection.InputInfo;
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
    private static final Digest NO_DIGEST = new Digest("0".repeat(64));
    private static final int MAX_TOKENS = 256;
    private static final int IMAGE_SIZE = 224;

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
                input(path, model, known, notes),
                model.feature(),
                blocks(model),
                model.poolingKind(),
                false);
        return new ManifestDraft(manifest, notes);
    }

    /** As YAML for a file in {@code folder}. */
    public String yaml(Path folder) {
        return BaseModelFile.write(manifest, folder, notes);
    }

    /** The cuts below the top blocks, as far as there are any. */
    private static List<String> blocks(ModelInspection model) {
        Set<String> seen = new HashSet<>();
        return model.blocks().stream()
                .map(BlockInfo::cut)
                .filter(cut -> !cut.isEmpty() && seen.add(cut))
                .toList();
    }

    private static Input input(Path file, ModelInspection model, Known known, Map<String, String> notes) {
        InputInfo sample = model.inputs().stream()
                .filter(input -> InputRole.of(input.role()).isSample())
                .findFirst()
                .orElseThrow(() -> new BackboneException(
                        "the model must have an input that carries the sample, but has " + model.inputs()));
        return switch (InputRole.of(sample.role())) {
            case IDS -> text(file, model, sample, known, notes);
            case IMAGE -> image(sample, notes);
            default -> tensor(model, sample, notes);
        };
    }

    private static Input text(Path file, ModelInspection model, InputInfo ids, Known known, Map<String, String> notes) {
        Path path = known.tokenizer().orElse(file.resolveSibling("tokenizer.json"));
        ModelFile tokenizer = new ModelFile(path.toAbsolutePath().normalize().toString(), NO_DIGEST);
        if (Files.isRegularFile(path)) {
            tokenizer = file(path);
        } else {
            notes.put("input.tokenizer.location", "correct this: the model's own tokenizer.json, and its SHA-256");
        }
        int maxTokens = model.positions() > 1 ? Math.min(model.positions(), MAX_TOKENS) : MAX_TOKENS;
        if (ids.shape().get(1) instanceof Long size && size >= 2) {
            maxTokens = (int) Math.min(size, maxTokens);
        } else if (model.positions() < 2) {
            notes.put("input.max-tokens", "at most what the model was trained with");
        }
        return new TextInput(
                tokenizer,
                maxTokens,
                ids.name(),
                first(model, InputRole.MASK),
                first(model, InputRole.TYPES),
                first(model, InputRole.POSITIONS),
                names(model, InputRole.PAST));
    }

    private static Input image(InputInfo input, Map<String, String> notes) {
        boolean planar = input.shape().get(1).equals(3L);
        notes.put("input.channels", "correct this: the order that the model was trained with");
        notes.put("input.mean", "correct this: what the model was trained with, for values from 0 to 255");
        notes.put("input.scale", "correct this: what the model was trained with");
        return new ImageInput(
                input.name(),
                size(input, planar ? 3 : 2, "input.width", notes),
                size(input, planar ? 2 : 1, "input.height", notes),
                planar ? Layout.NCHW : Layout.NHWC,
                Channels.RGB,
                List.of(0.0, 0.0, 0.0),
                List.of(1.0, 1.0, 1.0));
    }

    private static int size(InputInfo input, int axis, String key, Map<String, String> notes) {
        if (input.shape().get(axis) instanceof Long size && size > 0) {
            return Math.toIntExact(size);
        }
        notes.put(key, "correct this: the model leaves it free");
        return IMAGE_SIZE;
    }

    private static Input tensor(ModelInspection model, InputInfo input, Map<String, String> notes) {
        List<Integer> shape = new ArrayList<>();
        for (Object axis : input.shape()
                .subList(Math.min(1, input.shape().size()), input.shape().size())) {
            boolean known = axis instanceof Long size && size > 0;
            shape.add(known ? Math.toIntExact((Long) axis) : 1);
            if (!known) {
                notes.put("input.shape", "correct this: the model leaves an axis free, which is 1 here");
            }
        }
        if (shape.isEmpty()) {
            throw new BackboneException("input '" + input.name()
                    + "' of the model must have axes beside the batch, but has shape " + input.shape()
                    + "; use another model");
        }
        return new TensorInput(input.name(), shape, names(model, InputRole.ZEROS));
    }

    private static String first(ModelInspection model, InputRole role) {
        return names(model, role).stream().findFirst().orElse("");
    }

    private static List<String> names(ModelInspection model, InputRole role) {
        return model.inputs().stream()
                .filter(input -> input.role().equals(role.key()))
                .map(InputInfo::name)
                .toList();
    }

    private static ModelFile file(Path path) {
        try {
            return new ModelFile(path.normalize().toString(), Digest.of(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new UncheckedIOException("model file '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
