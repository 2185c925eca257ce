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
import io.headwater.store.NewFolder;
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

/** The base models that there are: those that come with Headwater and those in the models folder. */
public final class BaseModels {
    private static final String MANIFEST = "manifest.yaml";

    private final ModelsFolder folder;

    /** With the base models in {@code folder}. */
    public BaseModels(ModelsFolder folder) {
        this.folder = folder;
    }

    /**
     * A base model.
     *
     * @param name to write after {@code base:}
     * @param input {@code text}, {@code image}, {@code audio} or {@code tensor}
     * @param cut where its features end
     * @param licence SPDX identifier, or what is stated
     * @param location of its manifest
     */
    public record Entry(String name, String family, String input, String cut, String licence, String location) {}

    /**
     * A base model whose manifest cannot be read.
     *
     * @param fault why
     */
    public record Unreadable(String name, String fault) {}

    /**
     * The base models that there are.
     *
     * @param models that can be named
     * @param faults what keeps the others from it
     */
    public record Listing(List<Entry> models, List<Unreadable> faults) {
        public Listing {
            models = List.copyOf(models);
            faults = List.copyOf(faults);
        }
    }

    /**
     * What came of a look at a base model.
     *
     * @param digest of files, cut and preprocessing; null when it cannot be used
     * @param features how many features it makes of one input; null when it cannot be used
     * @param fault why it cannot be used; null when it can
     */
    public record Verified(
            String name,
            @Nullable String digest,
            @Nullable Integer features,
            @Nullable String fault) {

        /** In words. */
        public String summary() {
            return fault == null ? features + " features, " + digest : "fault: " + fault;
        }
    }

    /**
     * The draft of a manifest for the model in {@code file}.
     *
     * @param name of the base model; null for that of the file
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
     * Copies a model with its manifest into the folder, in one step, once it has been verified there.
     *
     * @param manifest whose {@code model} is {@code file}; the copy names the copies of its files
     * @param notes to write as comments above keys of the manifest, by their paths
     * @throws IllegalArgumentException when the name cannot be used or is taken
     * @throws RuntimeException when the model cannot be used; the message says why, and nothing is left
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

    /** All base models, the built-in ones first. */
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

    /** Checks the digests of a base model's files and tries it; all of them when {@code only} is null. */
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

    private BaseModelManifest resolve(String name) {
        return !BaseModelFile.BUILT_IN.contains(name) && folder.holds(name)
                ? BaseModelFile.read(folder.manifest(name))
                : BaseModelFile.builtIn(name);
    }

    private static Verified tried(BaseModelManifest manifest) {
        if (manifest.input() instanceof TextInput text) {
            Tokenizer.open(text).close();
        }
        AdaptationConfig probe = AdaptationConfig.of("verify", TaskKind.TENSOR_CLASSIFICATION, manifest.name());
        try (DividedModel model =
                BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(probe)) {
            Backbone backbone = model.backbone();
            return new Verified(manifest.name(), backbone.digest().toString(), backbone.width(), null);
        }
    }

    /** The manifest with its files copied to {@code into}; those that come with Headwater stay where they are. */
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

    /** A file keeps its place beside the model, which may look for it there; one from elsewhere keeps its name. */
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

    /** The file's name without what follows its last dot, in the letters of names. */
    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName())
                .replaceFirst("\\.[^.]*$", "")
                .replaceAll("[^A-Za-z0-9._-]", "-")
                .replaceFirst("^\\.+", "");
        return name.isEmpty() ? "model" : name.substring(0, Math.min(100, name.length()));
    }

    /** The same manifest under another name and, where one is given, with another licence. */
    public static BaseModelManifest renamed(BaseModelManifest manifest, String name, @Nullable String licence) {
        return manifest.withName(name).withLicence(licence == null ? manifest.licence() : licence);
    }
}
