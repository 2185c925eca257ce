package io.headwater.adapt.drift;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.DriftConfig;
import io.headwater.config.DriftConfig.Features;
import io.headwater.config.key.KeyText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All configured detectors of a lane. After a signal, none of the same or a lower level is reported during the cooldown,
 * whichever detector it comes from, so that one change is not reported many times; the detectors go on. Not thread-safe.
 */
public final class DriftMonitor {
    private static final String QUIET = "quiet";

    private final DriftConfig config;
    private final int width;
    private final Map<ErrorDetector, DriftDetector> ofErrors = new EnumMap<>(ErrorDetector.class);
    private final @Nullable FeatureShift ofFeatures;

    /** For warnings and drifts, the number of the first sample with which one is reported again. */
    private final long[] quietUntil = new long[DriftLevel.values().length];

    private DriftMonitor(DriftConfig config, int width) {
        this.config = config;
        this.width = width;
        this.ofFeatures = switch (config.features()) {
            case NONE -> null;
            case MEANS -> FeatureShift.means(width);
            case MMD -> FeatureShift.maximumMeanDiscrepancy(width);
        };
    }

    /**
     * Creates detectors without samples.
     *
     * @param width number of features of a sample, or of each of its positions
     */
    public static DriftMonitor create(DriftConfig config, int width) {
        DriftMonitor monitor = new DriftMonitor(config, width);
        for (DriftConfig.Detector one : config.detectors()) {
            ErrorDetector detector = ErrorDetector.valueOf(one.name());
            monitor.ofErrors.put(detector, detector.create());
        }
        return monitor;
    }

    /** Reads what {@link #write} wrote. Detectors that have been configured since then begin without samples. */
    public static DriftMonitor read(DriftConfig config, int width, SectionReader section) {
        DriftMonitor monitor = create(config, width);
        monitor.ofErrors.replaceAll((one, created) ->
                section.hasSection(KeyText.kebab(one)) ? one.read(section.section(KeyText.kebab(one))) : created);
        if (monitor.ofFeatures != null && section.hasSection(monitor.featuresName())) {
            monitor.ofFeatures.restore(section.section(monitor.featuresName()));
        }
        if (section.has(QUIET)) {
            long[] quiet = section.longs(QUIET);
            System.arraycopy(quiet, 0, monitor.quietUntil, 0, quiet.length);
        }
        return monitor;
    }

    /** Writes the whole state. */
    public void write(SectionWriter section) {
        ofErrors.forEach((one, detector) -> detector.write(section.section(KeyText.kebab(one))));
        if (ofFeatures != null) {
            ofFeatures.write(section.section(featuresName()));
        }
        section.longs(QUIET, quietUntil.clone());
    }

    private String featuresName() {
        return "feature-" + KeyText.kebab(config.features());
    }

    /**
     * Adds a sample that no part of the lane has learned from, and returns the signals that follow from it.
     *
     * @param number number of the sample in the lane, from 1
     * @param error error of the newest weights, from 0 to 1; NaN when there are none
     * @param features features of the sample, one row or several
     * @param stratum its class, or another stratum, at least 0
     */
    public List<Drift> add(long number, double error, float[] features, int stratum) {
        List<Drift> signals = new ArrayList<>();
        if (!Double.isNaN(error)) {
            ofErrors.forEach((one, detector) ->
                    report(signals, KeyText.kebab(one), Drift.LEARNER_ERROR, detector.add(error), number));
        }
        if (ofFeatures != null) {
            int group = config.features() == Features.MEANS ? stratum : 0;
            report(signals, featuresName(), Drift.FEATURES, ofFeatures.add(mean(features), group), number);
        }
        return signals;
    }

    private void report(List<Drift> signals, String name, String signal, DriftReading reading, long number) {
        DriftLevel level = reading.level();
        if (level == DriftLevel.NONE || number < quietUntil[level.ordinal()]) {
            return;
        }
        for (int lower = 0; lower <= level.ordinal(); lower++) {
            quietUntil[lower] = number + config.cooldown();
        }
        long from = Math.max(1, number - reading.newer() + 1);
        signals.add(new Drift(name, signal, level, reading.statistic(), reading.threshold(), from));
    }

    /** Returns the mean of all rows. */
    private float[] mean(float[] features) {
        int rows = features.length / width;
        if (rows == 1) {
            return features;
        }
        float[] mean = new float[width];
        for (int i = 0; i < rows * width; i++) {
            mean[i % width] += features[i] / rows;
        }
        return mean;
    }
}
