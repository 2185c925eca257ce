package io.headwater.config;

import static io.headwater.config.key.NumberTypes.finite;
import static io.headwater.config.key.NumberTypes.finiteOtherThanZero;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.ListType;
import io.headwater.config.key.ScalarType;
import java.util.ArrayList;
import java.util.List;

/**
 * An image, which is resized to width × height; each value v of channel c, 0 to 255, becomes (v − mean[c]) × scale[c].
 *
 * @param name of the model's input, float32 or float16, of rank 4
 * @param width in pixels, 1 to 4096
 * @param height in pixels, 1 to 4096
 * @param layout order of the axes
 * @param channels order of the channels
 * @param mean a finite value for each channel, in their order
 * @param scale a finite value other than 0 for each channel, in their order
 */
public record ImageInput(
        String name,
        int width,
        int height,
        ImageLayout layout,
        Channels channels,
        List<Double> mean,
        List<Double> scale)
        implements BaseModelInput {
    private static final KeyTableBuilder<ImageInput> KEYS = KeyTable.builder();

    static final Key<String> NAME = KEYS.required(
            "input.name", text(ManifestTypes.MAX_NAME), ImageInput::name, "name of the model's input, of rank 4");
    static final Key<Integer> WIDTH = KEYS.required("input.width", whole(1, 4096), ImageInput::width, "in pixels");
    static final Key<Integer> HEIGHT = KEYS.required("input.height", whole(1, 4096), ImageInput::height, "in pixels");
    static final Key<ImageLayout> LAYOUT =
            KEYS.required("input.layout", choice(ImageLayout.class), ImageInput::layout, "order of the axes");
    static final Key<Channels> CHANNELS = KEYS.required(
            "input.channels",
            choice(Channels.class),
            ImageInput::channels,
            "order of the channels; `grey`: a single channel, the luminance of the pixels");
    static final Key<List<Double>> MEAN = KEYS.required(
            "input.mean", forEach(finite()), ImageInput::mean, "a value for each channel, in their order");
    static final Key<List<Double>> SCALE = KEYS.required(
            "input.scale",
            forEach(finiteOtherThanZero()),
            ImageInput::scale,
            "a value for each channel, in their order");

    /** The keys of this record. */
    static final KeyTable<ImageInput> TABLE = KEYS.rule(
                    values -> breaches(values.get(CHANNELS), values.get(MEAN), values.get(SCALE)))
            .build(values -> new ImageInput(
                    values.get(NAME),
                    values.get(WIDTH),
                    values.get(HEIGHT),
                    values.get(LAYOUT),
                    values.get(CHANNELS),
                    values.get(MEAN),
                    values.get(SCALE)));

    public ImageInput {
        NAME.check(name);
        WIDTH.check(width);
        HEIGHT.check(height);
        mean = MEAN.check(List.copyOf(mean));
        scale = SCALE.check(List.copyOf(scale));
        Breach.refuse(breaches(channels, mean, scale));
    }

    @Override
    public InputKind kind() {
        return InputKind.IMAGE;
    }

    private static ListType<Double> forEach(ScalarType<Double> each) {
        return new ListType<>(
                "a list of 3 values, or of 1 for grey images, each " + each.rule(), each, 1, 3, false, false);
    }

    private static List<Breach> breaches(Channels channels, List<Double> mean, List<Double> scale) {
        List<Breach> breaches = new ArrayList<>();
        for (Key<List<Double>> key : List.of(MEAN, SCALE)) {
            int values = (key == MEAN ? mean : scale).size();
            if (values != channels.count()) {
                breaches.add(new Breach(
                        key,
                        "%s must have %d values, one for each channel of input.channels %s, but has %d; correct one of them"
                                .formatted(key.path(), channels.count(), KeyText.kebab(channels), values)));
            }
        }
        return breaches;
    }

    /** Order of the axes of an image tensor. */
    public enum ImageLayout {
        /** Batch, channels, height, width. */
        NCHW,
        /** Batch, height, width, channels. */
        NHWC
    }

    /** Order of the channels of an image tensor. */
    public enum Channels {
        /** Red first. */
        RGB,
        /** Blue first. */
        BGR,
        /** One channel, the luminance: 0.299 red + 0.587 green + 0.114 blue. */
        GREY;

        /** Returns the number of channels. */
        public int count() {
            return this == GREY ? 1 : 3;
        }
    }
}
