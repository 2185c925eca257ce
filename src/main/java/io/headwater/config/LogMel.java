package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import java.util.List;

/**
 * Frames of mel bins: the natural logarithm of the energy of each bin plus the floor, arranged by {@code form}. The
 * first frame begins at the first sample, and all frames lie within the clip; the ends of the clip are not padded.
 *
 * @param form layout of the bins in a window
 * @param spectrum how the spectrum of a frame is computed
 * @param filters the mel filters that sum the spectrum into bins
 * @param floor value added before the logarithm, above 0 and at most 1
 */
public record LogMel(FrameForm form, Spectrum spectrum, MelFilters filters, double floor) implements WindowContent {
    private static final KeyTableBuilder<LogMel> KEYS =
            KeyTable.<LogMel>builder().group(Spectrum.TABLE, LogMel::spectrum).group(MelFilters.TABLE, LogMel::filters);

    static final Key<Double> FLOOR =
            KEYS.optional("input.log-mel.floor", aboveZero(1), 1e-6, LogMel::floor, "added before the logarithm");

    /** The keys of this record except those of {@code form}. */
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
