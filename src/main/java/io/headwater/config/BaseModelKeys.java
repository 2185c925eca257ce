package io.headwater.config;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.domain.Digest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The keys of a base model's manifest. */
final class BaseModelKeys {
    /** What goes in. */
    enum InputType {
        TEXT,
        IMAGE,
        TENSOR,
        AUDIO
    }

    static final ScalarKey<String> NAME = Keys.name("name");
    static final ScalarKey<String> LICENCE = Keys.text("licence", 200);
    static final ScalarKey<String> MODEL_LOCATION = location("model.location");
    static final ScalarKey<Digest> MODEL_DIGEST = Keys.digest("model.digest");
    static final ListKey<WrittenFile> MODEL_FILES = new ListKey<>(
            "model.files",
            "a list of files, each a location, a space and a digest",
            new ScalarKey<>(
                    "model.files", "a location, a space and a digest", WrittenFile::parse, WrittenFile::isValid),
            size -> true,
            true);
    static final ScalarKey<String> FAMILY = Keys.text("family", 100);
    static final ScalarKey<String> CUT = Keys.text("cut", 1000);
    static final ListKey<String> BLOCKS = new ListKey<>(
            "blocks",
            "a list of tensors, or of tensors joined by '+', none twice",
            Keys.text("blocks", 1000),
            size -> true,
            true);
    static final ScalarKey<Pooling> POOLING = Keys.choice("pooling", Pooling.class);
    static final ScalarKey<Boolean> NORMALISE = Keys.flag("normalise");
    static final ListKey<String> LABELS = new ListKey<>(
            "labels",
            "a list of at least 2 labels, none twice, or empty",
            Keys.text("labels", 200),
            size -> size != 1,
            true);

    static final ScalarKey<InputType> TYPE = Keys.choice("input.type", InputType.class);

    static final ScalarKey<String> TOKENIZER_LOCATION = location("input.tokenizer.location");
    static final ScalarKey<Digest> TOKENIZER_DIGEST = Keys.digest("input.tokenizer.digest");
    static final ScalarKey<Integer> MAX_TOKENS = Keys.whole("input.max-tokens", 2, 8192);
    static final ScalarKey<String> IDS = Keys.text("input.ids", 1000);
    static final ScalarKey<String> MASK = Keys.text("input.mask", 1000);
    static final ScalarKey<String> TYPES = Keys.text("input.types", 1000);
    static final ScalarKey<String> POSITIONS = Keys.text("input.positions", 1000);
    static final ListKey<String> PAST = names("input.past");

    static final ScalarKey<String> INPUT = Keys.text("input.name", 1000);
    static final ScalarKey<Integer> WIDTH = Keys.whole("input.width", 1, 4096);
    static final ScalarKey<Integer> HEIGHT = Keys.whole("input.height", 1, 4096);
    static final ScalarKey<ImageLayout> LAYOUT = Keys.choice("input.layout", ImageLayout.class);
    static final ScalarKey<Channels> CHANNELS = Keys.choice("input.channels", Channels.class);
    static final ListKey<Double> MEAN = three("input.mean", "a finite number", Double::isFinite);
    static final ListKey<Double> SCALE =
            three("input.scale", "a finite number other than 0", value -> Double.isFinite(value) && value != 0);

    /** As many numbers as the largest record can hold by default. */
    static final int MAX_VALUES = 4 << 20;

    static final ListKey<Integer> SHAPE = new ListKey<>(
            "input.shape",
            "a list of 1 to 15 sizes, each a whole number from 1 to " + MAX_VALUES,
            Keys.whole("input.shape", 1, MAX_VALUES),
            size -> size >= 1 && size <= 15,
            false);
    static final ListKey<String> ZEROS = names("input.zeros");

    private BaseModelKeys() {}

    /**
     * An entry of {@code model.files}.
     *
     * @param location as it is written
     * @param digest what the file must hash to
     */
    record WrittenFile(String location, Digest digest) {
        static Optional<WrittenFile> parse(String text) {
            int space = text.lastIndexOf(' ');
            return space < 1
                    ? Optional.empty()
                    : MODEL_DIGEST
                            .parse(text.substring(space + 1))
                            .map(digest ->
                                    new WrittenFile(text.substring(0, space).strip(), digest));
        }

        static boolean isValid(WrittenFile file) {
            return MODEL_LOCATION.holds(file.location);
        }

        @Override
        public String toString() {
            return location + " " + digest;
        }
    }

    /** What is wrong with a shape whose product is beyond {@link #MAX_VALUES}; empty when it is not. */
    static Optional<String> tooManyValues(List<Integer> shape) {
        long product = 1;
        for (int size : shape) {
            product *= size;
            if (product > MAX_VALUES) {
                return Optional.of(
                        SHAPE.path() + " must have at most " + MAX_VALUES + " values in all, but is " + shape);
            }
        }
        return Optional.empty();
    }

    private static ListKey<String> names(String path) {
        return new ListKey<>(
                path,
                "a list of names, none twice, each 1 to 1000 printable characters",
                Keys.text(path, 1000),
                size -> true,
                true);
    }

    static ScalarKey<String> location(String path) {
        String rule = "classpath:name, an absolute path, or a path within the manifest's folder";
        return Keys.text(path, rule, text -> Texts.isPrintable(text, 4096));
    }

    private static ListKey<Double> three(String path, String each, Predicate<Double> range) {
        return new ListKey<>(
                path, "a list of 3 values, each " + each, Keys.decimal(path, each, range), size -> size == 3, false);
    }
}
