package io.headwater.config;

import static io.headwater.config.key.NumberTypes.finite;
import static io.headwater.config.key.NumberTypes.finiteOtherThanZero;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.ListType;
import io.headwater.config.key.ScalarType;
import java.util.List;

/**
 * An image, which is resized to width × height; each value v of channel c, 0 to 255, becomes (v − mean[c]) × scale[c].
 *
 * @param name of the model's input, float32 or float16, of rank 4
 * @param width in pixels, 1 to 4096
 * @param height in pixels, 1 to 4096
 * @param layout order of the axes
 * @param channels order of the channels
 * @param mean three finite values, in the order of the channels
 * @param scale three finite values other than 0, in the order of the channels
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
    static final Key<Channels> CHANNELS =
            KEYS.required("input.channels", choice(Channels.class), ImageInput::channels, "order of the channels");
    static final Key<List<Double>> MEAN =
            KEYS.required("input.mean", three(finite()), ImageInput::mean, "in the order of the channels");
    static final Key<List<Double>> SCALE = KEYS.required(
            "input.scale", three(finiteOtherThanZero()), ImageInput::scale, "in the order of the channels");

    /** The keys of this record. */
    static final KeyTable<ImageInput> TABLE = KEYS.build(values -> new ImageInput(
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
    }

    @Override
    public InputKind kind() {
        return InputKind.IMAGE;
    }

    private static ListType<Double> three(ScalarType<Double> each) {
        return new ListType<>("a list of 3 values, each " + each.rule(), each, 3, 3, false, false);
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
        BGR
    }
}
