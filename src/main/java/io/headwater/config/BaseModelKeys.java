package io.headwater.config;

import io.headwater.config.BaseModelManifest.Channels;
import io.headwater.config.BaseModelManifest.Layout;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.domain.Digest;
import java.util.function.Predicate;

/** The keys of a base model's manifest. */
final class BaseModelKeys {
    /** What goes in. */
    enum InputType {
        TEXT,
        IMAGE
    }

    static final ScalarKey<String> NAME = Keys.name("name");
    static final ScalarKey<String> LICENCE = Keys.text("licence", 200);
    static final ScalarKey<String> MODEL_LOCATION = location("model.location");
    static final ScalarKey<Digest> MODEL_DIGEST = Keys.digest("model.digest");
    static final ScalarKey<String> CUT = Keys.text("cut", 1000);
    static final ScalarKey<Pooling> POOLING = Keys.choice("pooling", Pooling.class);
    static final ScalarKey<Boolean> NORMALISE = Keys.flag("normalise");

    static final ScalarKey<InputType> TYPE = Keys.choice("input.type", InputType.class);

    static final ScalarKey<String> TOKENIZER_LOCATION = location("input.tokenizer.location");
    static final ScalarKey<Digest> TOKENIZER_DIGEST = Keys.digest("input.tokenizer.digest");
    static final ScalarKey<Integer> MAX_TOKENS = Keys.whole("input.max-tokens", 2, 8192);
    static final ScalarKey<String> IDS = Keys.text("input.ids", 1000);
    static final ScalarKey<String> MASK = Keys.text("input.mask", 1000);
    static final ScalarKey<String> TYPES = Keys.text("input.types", 1000);

    static final ScalarKey<String> IMAGE = Keys.text("input.name", 1000);
    static final ScalarKey<Integer> WIDTH = Keys.whole("input.width", 1, 4096);
    static final ScalarKey<Integer> HEIGHT = Keys.whole("input.height", 1, 4096);
    static final ScalarKey<Layout> LAYOUT = Keys.choice("input.layout", Layout.class);
    static final ScalarKey<Channels> CHANNELS = Keys.choice("input.channels", Channels.class);
    static final ListKey<Double> MEAN = three("input.mean", "a finite number", Double::isFinite);
    static final ListKey<Double> SCALE =
            three("input.scale", "a finite number other than 0", value -> Double.isFinite(value) && value != 0);

    private BaseModelKeys() {}

    private static ScalarKey<String> location(String path) {
        String rule = "classpath:name, an absolute path, or a path within the manifest's folder";
        return Keys.text(path, rule, text -> Texts.isPrintable(text, 4096));
    }

    private static ListKey<Double> three(String path, String each, Predicate<Double> range) {
        return new ListKey<>(
                path, "a list of 3 values, each " + each, Keys.decimal(path, each, range), size -> size == 3, false);
    }
}
