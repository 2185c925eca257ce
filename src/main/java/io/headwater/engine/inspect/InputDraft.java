package io.headwater.engine.inspect;

import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.BackboneException;
import io.headwater.engine.inspect.HubFiles.Pixels;
import io.headwater.engine.inspect.ModelInspection.InputInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Drafts the input section of a manifest.
 *
 * @param inputs the inputs of the model
 * @param positions the maximum number of tokens that the model has positions for; 0 if unknown
 * @param free the size of axes that the model leaves free; 0 for a usual one
 * @param tokenizer the tokenizer file of a text model, which need not exist
 * @param beside what the exporter has written beside the model
 * @param notes receives, by key path, what the model's file does not state
 */
record InputDraft(
        List<InputInfo> inputs, int positions, int free, Path tokenizer, HubFiles beside, Map<String, String> notes) {
    private static final Digest NO_DIGEST = new Digest("0".repeat(64));
    private static final int MAX_TOKENS = 256;
    private static final int IMAGE_SIZE = 224;
    // One second of sound at 16 kHz, the usual input length of models with one free axis.
    private static final int SAMPLES = 16_000;

    /**
     * Returns the input with which a model is tried, of which only its file is known.
     *
     * @throws BackboneException when no input section can describe it
     */
    static BaseModelInput ofTrial(List<InputInfo> inputs, int positions, int free) {
        return new InputDraft(inputs, positions, free, Path.of(""), HubFiles.none(), new HashMap<>()).input();
    }

    /**
     * Returns the section.
     *
     * @throws BackboneException when none can describe the inputs of the model
     */
    BaseModelInput input() {
        InputInfo sample = inputs.stream()
                .filter(input -> InputRole.of(input.role()).isSample())
                .findFirst()
                .orElseThrow(() -> new BackboneException(
                        "the model must have an input that carries the sample, but has " + inputs));
        return switch (InputRole.of(sample.role())) {
            case IDS -> text(sample);
            case IMAGE -> image(sample);
            default -> tensor(sample);
        };
    }

    private BaseModelInput text(InputInfo ids) {
        ModelFile file = new ModelFile(tokenizer.toAbsolutePath().normalize().toString(), NO_DIGEST);
        if (Files.isRegularFile(tokenizer)) {
            file = ManifestDraft.file(tokenizer);
        } else {
            notes.put("input.tokenizer.location", "correct this: the model's own tokenizer.json, and its SHA-256");
        }
        OptionalInt stated = beside.tokens();
        int usual = stated.orElse(MAX_TOKENS);
        int maxTokens = positions > 1 ? Math.min(positions, usual) : usual;
        if (ids.shape().get(1) instanceof Long size && size >= 2) {
            maxTokens = (int) Math.min(size, maxTokens);
        } else if (positions < 2 && stated.isEmpty()) {
            notes.put("input.max-tokens", "at most what the model was trained with");
        }
        return new TextInput(
                file,
                maxTokens,
                ids.name(),
                first(InputRole.MASK),
                first(InputRole.TYPES),
                first(InputRole.POSITIONS),
                names(InputRole.PAST));
    }

    private BaseModelInput image(InputInfo input) {
        boolean grey = !input.shape().get(1).equals(3L) && !input.shape().get(3).equals(3L);
        boolean planar = input.shape().get(1).equals(grey ? 1L : 3L);
        if (!grey) {
            notes.put("input.channels", "correct this: the order that the model was trained with");
        }
        Optional<Pixels> pixels = grey ? Optional.empty() : beside.pixels();
        if (pixels.isEmpty()) {
            notes.put("input.mean", "correct this: what the model was trained with, for values from 0 to 255");
            notes.put("input.scale", "correct this: what the model was trained with");
        } else {
            notes.remove("input.channels");
        }
        return new ImageInput(
                input.name(),
                size(input, planar ? 3 : 2, "input.width", pixels.map(Pixels::width)),
                size(input, planar ? 2 : 1, "input.height", pixels.map(Pixels::height)),
                planar ? ImageLayout.NCHW : ImageLayout.NHWC,
                grey ? Channels.GREY : Channels.RGB,
                pixels.map(Pixels::mean).orElse(Collections.nCopies(grey ? 1 : 3, 0.0)),
                pixels.map(Pixels::scale).orElse(Collections.nCopies(grey ? 1 : 3, 1.0)));
    }

    private int size(InputInfo input, int axis, String key, Optional<OptionalInt> stated) {
        if (stated.isPresent()
                && stated.get().isPresent()
                && !(input.shape().get(axis) instanceof Long size && size > 0)) {
            return stated.get().getAsInt();
        }
        if (input.shape().get(axis) instanceof Long size && size > 0) {
            return Math.toIntExact(size);
        }
        notes.put(key, "correct this: the model leaves it free");
        return free > 0 ? free : IMAGE_SIZE;
    }

    private BaseModelInput tensor(InputInfo input) {
        List<Integer> shape = new ArrayList<>();
        for (Object axis : input.shape()
                .subList(Math.min(1, input.shape().size()), input.shape().size())) {
            boolean known = axis instanceof Long size && size > 0;
            int usual = input.shape().size() == 2 ? SAMPLES : 1;
            int size = free > 0 ? free : usual;
            shape.add(known ? Math.toIntExact((Long) axis) : size);
            if (!known) {
                notes.put("input.shape", "correct this: the model leaves an axis free, which is " + size + " here");
            }
        }
        if (shape.isEmpty()) {
            throw new BackboneException("input '" + input.name()
                    + "' of the model must have axes beside the batch, but has shape " + input.shape()
                    + "; use another model");
        }
        return new TensorInput(input.name(), shape, names(InputRole.ZEROS));
    }

    private String first(InputRole role) {
        return names(role).stream().findFirst().orElse("");
    }

    private List<String> names(InputRole role) {
        return inputs.stream()
                .filter(input -> input.role().equals(role.key()))
                .map(InputInfo::name)
                .toList();
    }
}
