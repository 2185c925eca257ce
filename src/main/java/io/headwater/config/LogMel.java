package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import java.util.List;

/**
 * Frames of mel bins: the natural logarithm of each bin's energy plus the floor, in the {@code form}. Frames begin at
 * the first sample and lie within the clip; nothing is padded at its ends.
 *
 * @param form how the bins of a window lie
 * @param spectrum of a frame
 * @param filters what the bins sum
 * @param floor added before the logarithm, above 0 and at most 1
 */
public record LogMel(FrameForm form, Spectrum spectrum, MelFilters filters, double floor) implements WindowContent {
    private static final KeyTableBuilder<LogMel> KEYS =
            KeyTable.<LogMel>builder().group(Spectrum.TABLE, LogMel::spectrum).group(MelFilters.TABLE, LogMel::filters);

    static final Key<Double> FLOOR =
            KEYS.optional("input.log-mel.floor", aboveZero(1), 1e-6, LogMel::floor, "added before the logarithm");

    /** Its keys without those of the form. */
    static final KeyTable<LogMel> TABLE = KEYS.build(values -> new LogMel(
            FrameForm.TABLE.from(values),
            Spectrum.TABLE.from(values),
            MelFilters.TABLE.from(values),
            values.get(FLOOR)));

    public LogMel {
        FLOOR.check(floor);
    }

    @Override
    public ContentKind kind() {
        return ContentKind.LOG_MEL;
    }

    @Override
    public List<Integer> shape(int size) {
        return form.shape(size);
    }
}
