package io.headwater.ops;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.ConfigurationException;
import io.headwater.config.ModelsFolder;
import io.headwater.config.Stage;
import io.headwater.config.TaskKind;
import io.headwater.config.TextInput;
import io.headwater.config.key.KeyText;
import io.headwater.engine.Backbone;
import io.headwater.engine.DividedModel;
import io.headwater.engine.device.Compute;
import io.headwater.engine.inspect.ManifestDraft;
import io.headwater.engine.inspect.ManifestDraft.Known;
import io.headwater.engine.inspect.ModelInspection;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.ModelFiles;
import io.headwater.store.NewFolder;
import io.headwater.task.text.TextModelTrial;
import io.headwater.task.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The available base models: the built-in ones and those in the models folder. */
public final class BaseModels {
    private static final String MANIFEST = "manifest.yaml";

    private final ModelsFolder folder;

    /** Creates an instance with the base models in {@code folder}. */
    public BaseModels(ModelsFolder folder) {
        this.folder = folder;
    }

    /**
     * An available base model.
     *
     * @param name value for the key {@code base}
     * @param input {@code text}, {@code image}, {@code audio} or {@code tensor}
     * @param cut the tensor at which it is cut
     * @param licence SPDX identifier, or the text that the publisher states
     * @param location location of its manifest
     */
    public record Entry(String name, String family, String input, String cut, String licence, String location) {}

    /**
     * A base model whose manifest cannot be read.
     *
     * @param fault the reason
     */
    public record Unreadable(String name, String fault) {}

    /**
     * The list of base models.
     *
     * @param models base models that can be used
     * @param faults base models that cannot be used, with the reason
     */
    public record Listing(List<Entry> models, List<Unreadable> faults) {
        public Listing {
            models = List.copyOf(models);
            faults = List.copyOf(faults);
        }
    }

    /**
     * The result of verifying a base model.
     *
     * @param digest digest of files, cut and preprocessing; null when it cannot be used
     * @param features number of features of one input; null when it cannot be used
     * @param fault the reason why it cannot be used; null when it can be used
     */
    public record Verified(
            String name,
            @Nullable String digest,
            @Nullable Integer features,
            @Nullable String fault) {

        /** Returns the result as text for people. */
        public String summary() {
            return fault == null ? features + " features, " + digest : "fault: " + fault;
        }
    }

    /**
     * Drafts a manifest for the model in {@code file}.
     *
     * @param name name of the base model; null to use the name of the file
     */
    public static ManifestDraft draft(
            Path file,
            ModelInspection model,
            @Nullable String name,
            @Nullable String licence,
            @Nullable Path tokenizer) {
        Known known = new Known(
                name == null ? nameOf(file) : name, Optional.ofNullable(licence), Optional.ofNullable(tokenizer));
        return ManifestDraft.of(file, model, known);
    }

    /**
     * Copies a model with its manifest into the folder; the copy is verified and then made available atomically.
     *
     * @param manifest manifest of the model with its present files; the copied manifest refers to the copied files
     * @param notes comments to write above keys of the manifest, by key path
     * @throws IllegalArgumentException when the name is invalid or already in use
     * @throws RuntimeException when the model cannot be used; the message contains the reason, and no files are left
     *     behind
     */
    public Verified add(BaseModelManifest manifest, Map<String, String> notes) throws IOException {
        String name = manifest.name();
        if (!ModelsFolder.isName(name)) {
            throw new IllegalArgumentException(
                    "a base model's name must be 1 to 100 letters, digits, '.', '_' or '-' and"
                            + " not begin with '.', but is '" + name + "'; choose another");
        }
        if (BaseModelFile.BUILT_IN.contains(name) || Files.exists(folder.folder(name))) {
            throw taken(name);
        }
        try (NewFolder added = NewFolder.in(folder.path())) {
            BaseModelManifest copied = copy(manifest, added);
            String yaml = BaseModelFile.write(copied, added.path(), notes);
            added.write(MANIFEST, yaml.getBytes(StandardCharsets.UTF_8));
            Verified verified = tried(BaseModelFile.read(added.path().resolve(MANIFEST)));
            added.name(name);
            return verified;
        } catch (FileAlreadyExistsException e) {
            throw taken(name);
        }
    }

    /** Lists all base models, the built-in ones first. */
    public Listing list() {
        List<Entry> entries = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        for (String name : names()) {
            try {
                entries.add(entry(name, resolve(name)));
            } catch (ConfigurationException e) {
                unreadable.add(new Unreadable(name, String.valueOf(e.getMessage())));
            }
        }
        return new Listing(entries, unreadable);
    }

    private Entry entry(String name, BaseModelManifest manifest) {
        return new Entry(
                name,
                manifest.family(),
                KeyText.kebab(manifest.input().kind()),
                manifest.cut(),
                manifest.licence(),
                BaseModelFile.BUILT_IN.contains(name)
                        ? "built in"
                        : folder.manifest(name).toString());
    }

    /**
     * Verifies the digests of a base model's files and runs it once; verifies all base models when {@code only} is
     * null.
     */
    public List<Verified> verify(@Nullable String only) {
        return (only == null ? names().stream() : Stream.of(only))
                .map(this::verified)
                .toList();
    }

    private Verified verified(String name) {
        try {
            Verified tried = tried(resolve(name));
            return new Verified(name, tried.digest(), tried.features(), null);
        } catch (RuntimeException e) {
            return new Verified(name, null, null, String.valueOf(e.getMessage()));
        }
    }

    private List<String> names() {
        return Stream.concat(BaseModelFile.BUILT_IN.stream(), folder.names().stream())
                .distinct()
                .toList();
    }

    /**
     * Returns the manifest of the base model {@code name}; empty if there is none of this name.
     *
     * @throws ConfigurationException when it cannot be read
     */
    public Optional<BaseModelManifest> find(String name) {
        return BaseModelFile.BUILT_IN.contains(name) || folder.holds(name)
                ? Optional.of(resolve(name))
                : Optional.empty();
    }

    private BaseModelManifest resolve(String name) {
        return !BaseModelFile.BUILT_IN.contains(name) && folder.holds(name)
                ? BaseModelFile.read(folder.manifest(name))
                : BaseModelFile.builtIn(name);
    }

    private static Verified tried(BaseModelManifest manifest) {
        long largestId = 0;
        if (manifest.input() instanceof TextInput text) {
            try (Tokenizer tokenizer = Tokenizer.open(text)) {
                largestId = tokenizer.largestId();
            }
        }
        AdaptationConfig probe = AdaptationConfig.of("verify", TaskKind.TENSOR_CLASSIFICATION, manifest.name());
        try (DividedModel model =
                BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(probe)) {
            Backbone backbone = model.backbone();
            if (manifest.input() instanceof TextInput text) {
                new TextModelTrial(text, largestId, backbone).check();
            }
            return new Verified(manifest.name(), backbone.digest().toString(), backbone.width(), null);
        }
    }

    /**
     * Copies the files of a manifest to {@code into} and returns the manifest with the copies. Files that are part of
     * Headwater are not copied.
     */
    private static BaseModelManifest copy(BaseModelManifest manifest, NewFolder into) throws IOException {
        Path home = Path.of(manifest.model().location()).toAbsolutePath().getParent();
        Map<String, ModelFile> copies = new LinkedHashMap<>();
        List<ModelFile> files = new ArrayList<>();
        ModelFile model = copied(manifest.model(), home, into, copies);
        for (ModelFile file : manifest.files()) {
            files.add(copied(file, home, into, copies));
        }
        BaseModelInput input = manifest.input();
        if (input instanceof TextInput text) {
            input = new TextInput(
                    copied(text.tokenizer(), home, into, copies),
                    text.maxTokens(),
                    text.ids(),
                    text.mask(),
                    text.types(),
                    text.positions(),
                    text.past());
        }
        if (input instanceof AudioInput audio && audio.reads() instanceof Stage stage) {
            ModelFile file = copied(stage.file(), home, into, copies);
            input = audio.withReads(new Stage(stage.form(), file, stage.input(), stage.output()));
        }
        return manifest.withFiles(model, files).withInput(input);
    }

    /**
     * Copies a file. A file beside the model keeps its relative path, because the model may refer to it; any other file
     * keeps only its name.
     */
    private static ModelFile copied(ModelFile file, @Nullable Path home, NewFolder into, Map<String, ModelFile> copies)
            throws IOException {
        if (file.location().startsWith("classpath:")) {
            return file;
        }
        ModelFile earlier = copies.get(file.location());
        if (earlier != null) {
            return earlier;
        }
        Path source = Path.of(file.location()).toAbsolutePath().normalize();
        if (!Files.isRegularFile(source)) {
            throw new IllegalArgumentException("file '" + source
                    + "' of the base model does not exist; correct the manifest, or name a text model's tokenizer.json"
                    + " with --tokenizer");
        }
        // Before it is copied, so that a wrong digest is said of this file.
        ModelFiles.read(file, Integer.MAX_VALUE);
        String name = home != null && source.startsWith(home.normalize())
                ? home.normalize().relativize(source).toString()
                : String.valueOf(source.getFileName());
        if (name.equals(MANIFEST) || Files.exists(into.path().resolve(name))) {
            name = "other-" + name;
        }
        into.copy(source, name);
        ModelFile copy = new ModelFile(into.path().resolve(name).toString(), file.digest());
        copies.put(file.location(), copy);
        return copy;
    }

    private IllegalArgumentException taken(String name) {
        return new IllegalArgumentException("there is a base model '" + name
                + "' already; choose another name, or delete its folder in '" + folder.path() + "'");
    }

    /**
     * Returns the file name without its extension, or that of its folder for a file that is only called {@code model}, restricted to
     * the characters that are allowed in names. A folder {@code onnx} is called like the one above it.
     */
    private static String nameOf(Path file) {
        Path path = file.toAbsolutePath().normalize();
        String own = String.valueOf(path.getFileName()).replaceFirst("\\.[^.]*$", "");
        Path folder = path.getParent();
        while (own.equals("model") && folder != null && folder.getFileName() != null) {
            String above = folder.getFileName().toString();
            own = above.equals("onnx") ? own : above;
            folder = folder.getParent();
        }
        String name = own.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^\\.+", "");
        return name.isEmpty() ? "model" : name.substring(0, Math.min(100, name.length()));
    }

    /** Returns a copy of the manifest with another name and, if given, another licence. */
    public static BaseModelManifest renamed(BaseModelManifest manifest, String name, @Nullable String licence) {
        return manifest.withName(name).withLicence(licence == null ? manifest.licence() : licence);
    }
}
