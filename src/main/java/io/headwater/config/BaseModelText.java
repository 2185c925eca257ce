package io.headwater.config;

import io.headwater.config.BaseModelManifest.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a base model's manifest as YAML that {@link BaseModelFile} reads back as the same. */
final class BaseModelText {
    private final Path folder;
    private final Map<String, String> notes;
    private final StringBuilder yaml = new StringBuilder();

    private BaseModelText(Path folder, Map<String, String> notes) {
        this.folder = folder.toAbsolutePath().normalize();
        this.notes = notes;
    }

    /**
     * The manifest as YAML.
     *
     * @param folder that it will lie in: locations within it are written relative to it
     * @param notes to write above keys, by their paths
     */
    static String write(BaseModelManifest manifest, Path folder, Map<String, String> notes) {
        return new BaseModelText(folder, notes).all(manifest);
    }

    private String all(BaseModelManifest manifest) {
        line(0, BaseModelKeys.NAME, quoted(manifest.name()));
        line(0, BaseModelKeys.LICENCE, quoted(manifest.licence()));
        text(0, BaseModelKeys.FAMILY, manifest.family());
        yaml.append("model:\n");
        line(1, BaseModelKeys.MODEL_LOCATION, location(manifest.model()));
        line(1, BaseModelKeys.MODEL_DIGEST, manifest.model().digest().toString());
        list(
                1,
                BaseModelKeys.MODEL_FILES,
                manifest.files().stream()
                        .map(file -> quoted(relative(file) + " " + file.digest()))
                        .toList());
        yaml.append("input:\n");
        if (manifest.input() instanceof TextInput text) {
            input(text);
        } else if (manifest.input() instanceof ImageInput image) {
            input(image);
        } else if (manifest.input() instanceof AudioInput audio) {
            input(audio);
        } else {
            input((TensorInput) manifest.input());
        }
        line(0, BaseModelKeys.CUT, quoted(manifest.cut()));
        list(0, BaseModelKeys.BLOCKS, quoted(manifest.blocks()));
        line(0, BaseModelKeys.POOLING, Texts.kebab(manifest.pooling()));
        line(0, BaseModelKeys.NORMALISE, Boolean.toString(manifest.normalise()));
        listOrPlace(BaseModelKeys.LABELS, quoted(manifest.labels()));
        return yaml.toString();
    }

    private void input(TextInput text) {
        line(1, BaseModelKeys.TYPE, "text");
        yaml.append("  tokenizer:\n");
        line(2, BaseModelKeys.TOKENIZER_LOCATION, location(text.tokenizer()));
        line(2, BaseModelKeys.TOKENIZER_DIGEST, text.tokenizer().digest().toString());
        line(1, BaseModelKeys.MAX_TOKENS, Integer.toString(text.maxTokens()));
        text(1, BaseModelKeys.IDS, text.ids());
        text(1, BaseModelKeys.MASK, text.mask());
        text(1, BaseModelKeys.TYPES, text.types());
        text(1, BaseModelKeys.POSITIONS, text.positions());
        list(1, BaseModelKeys.PAST, quoted(text.past()));
    }

    private void input(ImageInput image) {
        line(1, BaseModelKeys.TYPE, "image");
        text(1, BaseModelKeys.INPUT, image.name());
        line(1, BaseModelKeys.WIDTH, Integer.toString(image.width()));
        line(1, BaseModelKeys.HEIGHT, Integer.toString(image.height()));
        line(1, BaseModelKeys.LAYOUT, Texts.kebab(image.layout()));
        line(1, BaseModelKeys.CHANNELS, Texts.kebab(image.channels()));
        line(1, BaseModelKeys.MEAN, image.mean().toString());
        line(1, BaseModelKeys.SCALE, image.scale().toString());
    }

    private void input(TensorInput tensor) {
        line(1, BaseModelKeys.TYPE, "tensor");
        text(1, BaseModelKeys.INPUT, tensor.name());
        line(1, BaseModelKeys.SHAPE, tensor.shape().toString());
        list(1, BaseModelKeys.ZEROS, quoted(tensor.zeros()));
    }

    private void input(AudioInput audio) {
        line(1, BaseModelKeys.TYPE, "audio");
        text(1, BaseModelKeys.INPUT, audio.name());
        line(1, AudioKeys.SAMPLE_RATE, Integer.toString(audio.sampleRate()));
        line(1, AudioKeys.AMPLITUDE, Texts.kebab(audio.amplitude()));
        line(1, AudioKeys.MAX_SECONDS, Double.toString(audio.maxSeconds()));
        line(1, AudioKeys.PADDING, Texts.kebab(audio.padding()));
        if (audio.reads() instanceof LogMel mel) {
            reads(mel);
        } else if (audio.reads() instanceof Stage stage) {
            reads(stage);
        } else {
            line(1, AudioKeys.READS, "waveform");
        }
        yaml.append("  windows:\n");
        line(2, AudioKeys.WINDOW_SIZE, Integer.toString(audio.windows().size()));
        line(2, AudioKeys.WINDOW_STEP, Integer.toString(audio.windows().step()));
        line(2, AudioKeys.WINDOW_POOLING, Texts.kebab(audio.windows().pooling()));
    }

    private void reads(LogMel mel) {
        line(1, AudioKeys.READS, "log-mel");
        form(mel.form());
        yaml.append("  log-mel:\n");
        line(2, AudioKeys.FFT_SIZE, Integer.toString(mel.spectrum().fftSize()));
        line(2, AudioKeys.FRAME_SIZE, Integer.toString(mel.spectrum().frameSize()));
        line(2, AudioKeys.HOP, Integer.toString(mel.spectrum().hop()));
        line(2, AudioKeys.TAPER, Texts.kebab(mel.spectrum().taper()));
        line(2, AudioKeys.MEASURE, Texts.kebab(mel.spectrum().measure()));
        line(2, AudioKeys.LOW, Double.toString(mel.filters().low()));
        line(2, AudioKeys.HIGH, Double.toString(mel.filters().high()));
        line(2, AudioKeys.MEL_SCALE, Texts.kebab(mel.filters().scale()));
        line(2, AudioKeys.MEL_NORM, Texts.kebab(mel.filters().norm()));
        line(2, AudioKeys.FLOOR, Double.toString(mel.floor()));
    }

    private void reads(Stage stage) {
        line(1, AudioKeys.READS, "stage");
        form(stage.form());
        yaml.append("  stage:\n");
        line(2, AudioKeys.STAGE_LOCATION, location(stage.file()));
        line(2, AudioKeys.STAGE_DIGEST, stage.file().digest().toString());
        text(2, AudioKeys.STAGE_INPUT, stage.input());
        text(2, AudioKeys.STAGE_OUTPUT, stage.output());
    }

    private void form(FrameForm form) {
        line(1, AudioKeys.BINS, Integer.toString(form.bins()));
        line(1, AudioKeys.AXES, Texts.kebab(form.axes()));
        line(1, AudioKeys.FACTOR, Double.toString(form.factor()));
        line(1, AudioKeys.OFFSET, Double.toString(form.offset()));
    }

    private void text(int depth, Key<String> key, String value) {
        if (!value.isEmpty()) {
            line(depth, key, quoted(value));
        }
    }

    private void list(int depth, Key<?> key, List<String> values) {
        if (!values.isEmpty()) {
            line(depth, key, values.stream().collect(Collectors.joining(", ", "[", "]")));
        }
    }

    /** Where there are none but a note, a comment marks their place. */
    private void listOrPlace(ListKey<?> key, List<String> values) {
        list(0, key, values);
        @Nullable String note = notes.get(key.path());
        if (values.isEmpty() && note != null) {
            yaml.append("# ").append(Texts.oneLine(note)).append('\n');
            yaml.append("# ").append(key.path()).append(": []\n");
        }
    }

    private void line(int depth, Key<?> key, String value) {
        String indent = "  ".repeat(depth);
        @Nullable String note = notes.get(key.path());
        if (note != null) {
            yaml.append(indent).append("# ").append(Texts.oneLine(note)).append('\n');
        }
        String word = key.path().substring(key.path().lastIndexOf('.') + 1);
        yaml.append(indent).append(word).append(": ").append(value).append('\n');
    }

    private String location(ModelFile file) {
        return quoted(relative(file));
    }

    private String relative(ModelFile file) {
        if (file.location().startsWith(Locations.CLASSPATH)) {
            return file.location();
        }
        Path path = Path.of(file.location()).normalize();
        return path.startsWith(folder) ? folder.relativize(path).toString() : path.toString();
    }

    private static List<String> quoted(List<String> texts) {
        return texts.stream().map(BaseModelText::quoted).toList();
    }

    /** Double quotes take every printable text; plain words are easier to read. */
    private static String quoted(String text) {
        boolean plain =
                text.matches("[A-Za-z_][A-Za-z0-9_./-]*") && !text.matches("(?i)true|false|yes|no|on|off|null|y|n");
        return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
