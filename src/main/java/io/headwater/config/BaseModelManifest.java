package io.headwater.config;

import static io.headwater.config.key.TextTypes.choice;
import static io.headwater.config.key.TextTypes.digest;
import static io.headwater.config.key.TextTypes.flag;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.BaseModelInput.InputKind;
import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyValues;
import io.headwater.config.key.ListType;
import io.headwater.config.key.LocatedFile;
import io.headwater.config.key.Location;
import io.headwater.config.key.TextTypes;
import io.headwater.domain.Digest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Description of a base model, including its preprocessing, which is defined nowhere else. {@link BaseModelFile} reads
 * it from YAML. A value outside its range causes an {@link IllegalArgumentException} that names the key.
 *
 * @param name of the base model
 * @param licence SPDX identifier, or the text that the publisher states
 * @param family architecture family, such as bert; empty when unknown
 * @param model the ONNX file
 * @param files files in which the ONNX model stores weights externally
 * @param input the input of the model
 * @param cut the tensor at which the model is cut; everything below it is the backbone
 * @param blocks cuts for training the top blocks, from the top down: entry N − 1 is the cut below the top N blocks, one
 *     tensor or several joined by '+'; empty when unknown
 * @param pooling how the tensor at the cut becomes one feature vector
 * @param normalise whether the feature vector is scaled to unit length
 * @param labels the classes of the model's own output layer, in the order of its outputs: at least 2, without
 *     duplicates; empty when there are none or they are unknown
 */
public record BaseModelManifest(
        String name,
        String licence,
        String family,
        ModelFile model,
        List<ModelFile> files,
        BaseModelInput input,
        String cut,
        List<String> blocks,
        Pooling pooling,
        boolean normalise,
        List<String> labels) {
    private static final KeyTableBuilder<BaseModelManifest> KEYS = KeyTable.builder();

    static final Key<String> NAME =
            KEYS.required("name", TextTypes.name(), BaseModelManifest::name, "name of the base model");
    static final Key<String> LICENCE = KEYS.required(
            "licence", text(200), BaseModelManifest::licence, "SPDX identifier of the licence, or its description");
    static final Key<String> FAMILY = KEYS.optional(
            "family",
            text(100),
            "",
            BaseModelManifest::family,
            "architecture family, such as bert, gpt2 or resnet; for information only");
    static final Key<Location> MODEL_LOCATION = KEYS.required(
            "model.location",
            Location.TYPE,
            manifest -> new Location(manifest.model.location()),
            "the ONNX file, or a graph model whose name ends in `.safetensors`");
    static final Key<Digest> MODEL_DIGEST = KEYS.required(
            "model.digest", digest(), manifest -> manifest.model.digest(), "verified before the file is used");
    static final Key<List<LocatedFile>> MODEL_FILES = KEYS.optional(
            "model.files",
            ListType.of("a list of files, each a location, a space and a digest", LocatedFile.TYPE),
            List.of(),
            BaseModelManifest::located,
            "external weight files of the ONNX file, in the locations that it refers to: `[weights.bin sha256:…]`");
    static final Key<InputKind> TYPE = KEYS.required(
            "input.type",
            choice(InputKind.class),
            manifest -> manifest.input.kind(),
            "kind of input, which determines the further keys");

    /** The keys after those of the input. */
    private static final KeyTableBuilder<BaseModelManifest> REST = KEYS.variant(
                    TYPE, Set.of(InputKind.TEXT), TextInput.TABLE, manifest -> manifest.as(TextInput.class))
            .variant(TYPE, Set.of(InputKind.IMAGE), ImageInput.TABLE, manifest -> manifest.as(ImageInput.class))
            .variant(TYPE, Set.of(InputKind.TENSOR), TensorInput.TABLE, manifest -> manifest.as(TensorInput.class))
            .variant(TYPE, Set.of(InputKind.AUDIO), AudioInput.TABLE, manifest -> manifest.as(AudioInput.class));

    static final Key<String> CUT = REST.required(
            "cut",
            text(ManifestTypes.MAX_NAME),
            BaseModelManifest::cut,
            "the tensor, or the vertex of a graph model, whose values are the features; everything below it is frozen"
                    + " unless a strategy unfreezes blocks");
    static final Key<List<String>> BLOCKS = REST.optional(
            "blocks",
            ListType.of("a list of tensors, or of tensors joined by '+', none twice", text(ManifestTypes.MAX_NAME)),
            List.of(),
            BaseModelManifest::blocks,
            "cuts for unfreezing: with N unfrozen blocks, the model is cut at the N-th entry; the list starts at the"
                    + " top. If it is empty, blocks are determined from the names of the weights");
    static final Key<Pooling> POOLING = REST.optional(
            "pooling",
            choice(Pooling.class),
            Pooling.NONE,
            BaseModelManifest::pooling,
            "how the tensor at the cut becomes one feature vector. `none`: unchanged; `mean`: the mean over tokens or"
                    + " positions; `first`: the first token; `last`: the last real token");
    static final Key<Boolean> NORMALISE = REST.optional(
            "normalise",
            flag(),
            false,
            BaseModelManifest::normalise,
            "whether the feature vector is scaled to unit length");
    static final Key<List<String>> LABELS = REST.optional(
            "labels",
            new ListType<>(
                    "a list of at least 2 labels, none twice, or empty", text(200), 2, Integer.MAX_VALUE, true, true),
            List.of(),
            BaseModelManifest::labels,
            "the classes of the model's own output layer, in the order of its outputs, each 1 to 200 printable"
                    + " characters; needed for `head.output-layer: keep`");

    /** All keys of a base-model manifest. */
    static final KeyTable<BaseModelManifest> TABLE = REST.rule(
                    values -> ManifestTypes.unresolved(values, MODEL_LOCATION, values.get(MODEL_LOCATION)))
            .rule(BaseModelManifest::unresolvedFiles)
            .build(BaseModelManifest::from);

    public BaseModelManifest {
        NAME.check(name);
        LICENCE.check(licence);
        FAMILY.check(family);
        files = List.copyOf(files);
        CUT.check(cut);
        blocks = BLOCKS.check(List.copyOf(blocks));
        labels = LABELS.check(List.copyOf(labels));
    }

    /** Creates the manifest of a base model without known classes. */
    public BaseModelManifest(
            String name,
            String licence,
            String family,
            ModelFile model,
            List<ModelFile> files,
            BaseModelInput input,
            String cut,
            List<String> blocks,
            Pooling pooling,
            boolean normalise) {
        this(name, licence, family, model, files, input, cut, blocks, pooling, normalise, List.of());
    }

    /** Creates the manifest of a base model with a single file and without known family or blocks. */
    public BaseModelManifest(
            String name,
            String licence,
            ModelFile model,
            BaseModelInput input,
            String cut,
            Pooling pooling,
            boolean normalise) {
        this(name, licence, "", model, List.of(), input, cut, List.of(), pooling, normalise);
    }

    /** Returns a copy with these classes of the model's own output layer. */
    public BaseModelManifest withLabels(List<String> other) {
        return TABLE.with(this, LABELS, other);
    }

    /** Returns a copy with another name. */
    public BaseModelManifest withName(String other) {
        return TABLE.with(this, NAME, other);
    }

    /** Returns a copy with another licence. */
    public BaseModelManifest withLicence(String other) {
        return TABLE.with(this, LICENCE, other);
    }

    /** Returns a copy with other files. */
    public BaseModelManifest withFiles(ModelFile otherModel, List<ModelFile> otherFiles) {
        return new BaseModelManifest(
                name, licence, family, otherModel, otherFiles, input, cut, blocks, pooling, normalise, labels);
    }

    /** Returns a copy with another input. */
    public BaseModelManifest withInput(BaseModelInput other) {
        return new BaseModelManifest(
                name, licence, family, model, files, other, cut, blocks, pooling, normalise, labels);
    }

    /** Returns a copy that scales feature vectors to unit length, or does not. */
    public BaseModelManifest withNormalise(boolean other) {
        return TABLE.with(this, NORMALISE, other);
    }

    private static BaseModelManifest from(KeyValues values) {
        return new BaseModelManifest(
                values.get(NAME),
                values.get(LICENCE),
                values.get(FAMILY),
                ManifestTypes.file(values, MODEL_LOCATION, MODEL_DIGEST),
                values.get(MODEL_FILES).stream()
                        .map(file -> new ModelFile(
                                values.locate(MODEL_FILES, file.location()).text(), file.digest()))
                        .toList(),
                input(values),
                values.get(CUT),
                values.get(BLOCKS),
                values.get(POOLING),
                values.get(NORMALISE),
                values.get(LABELS));
    }

    private static BaseModelInput input(KeyValues values) {
        return switch (values.get(TYPE)) {
            case TEXT -> TextInput.TABLE.from(values);
            case IMAGE -> ImageInput.TABLE.from(values);
            case TENSOR -> TensorInput.TABLE.from(values);
            case AUDIO -> AudioInput.TABLE.from(values);
        };
    }

    private <I extends BaseModelInput> @Nullable I as(Class<I> type) {
        return type.isInstance(input) ? type.cast(input) : null;
    }

    private List<LocatedFile> located() {
        return files.stream()
                .map(file -> new LocatedFile(new Location(file.location()), file.digest()))
                .toList();
    }

    private static List<Breach> unresolvedFiles(KeyValues values) {
        return values.get(MODEL_FILES).stream()
                .flatMap(file -> ManifestTypes.unresolved(values, MODEL_FILES, file.location()).stream())
                .toList();
    }

    /**
     * A file that belongs to the base model.
     *
     * @param location an absolute path, or {@code classpath:name}
     * @param digest the expected digest of its content
     */
    public record ModelFile(String location, Digest digest) {
        public ModelFile {
            if (!new Location(location).isAbsolute()) {
                throw new IllegalArgumentException(
                        "location must be classpath:name or an absolute path, but is '" + location + "'");
            }
        }
    }

    /** How the tensor at the cut is pooled into one feature vector. */
    public enum Pooling {
        /** No pooling: the shape is already [batch, width], apart from axes of size 1. */
        NONE,
        /**
         * The mean over the tokens of [batch, tokens, width] without padding, or over the positions of an image feature
         * map.
         */
        MEAN,
        /** The first token of [batch, tokens, width]. */
        FIRST,
        /** The last token of [batch, tokens, width] that is not padding. */
        LAST
    }
}
