package io.headwater.config;

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
    public LogMel {
        AudioKeys.FLOOR.check(floor);
    }

    @Override
    public List<Integer> shape(int size) {
        return form.shape(size);
    }
}
