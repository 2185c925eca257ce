package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.ListType;
import java.util.List;

/**
 * Detectors of changes in the stream of a lane, and what a lane does when they report one.
 *
 * @param detectors detectors of changes in the errors of the serving version, without duplicates
 * @param features detector of changes in the features
 * @param cooldown number of samples after a signal in which no signal of the same or a lower level is reported, 0 to
 *     1000000
 * @param onWarning what a lane does when a change is possible
 * @param onDrift what a lane does when a change is certain
 */
public record DriftConfig(
        List<Detector> detectors, Features features, int cooldown, Response onWarning, Response onDrift) {
    private static final KeyTableBuilder<DriftConfig> KEYS = KeyTable.builder();

    /** Detectors of changes in errors. */
    public enum Detector {
        ADWIN,
        DDM,
        PAGE_HINKLEY,
        KSWIN
    }

    /** Detectors of changes in features. */
    public enum Features {
        /** None. */
        NONE,
        /** The mean of each class. */
        MEANS,
        /** The distribution of all samples: the maximum mean discrepancy. */
        MMD
    }

    /** What a lane does when it receives a signal. All signals are published. */
    public enum Response {
        /** Nothing else. */
        REPORT,
        /** Learns anew from the samples since the change, beside all that it does already. */
        CONTEND,
        /** The same, and it suspends promotions until new weights prove to be better than the serving version. */
        SUSPEND
    }

    static final Key<List<Detector>> DETECTORS = KEYS.optional(
            "drift.detectors",
            ListType.of("a list of detectors, none twice, or empty", choice(Detector.class)),
            List.of(Detector.ADWIN),
            DriftConfig::detectors,
            "detectors of changes in the errors of the serving version, in addition to the lane's own test of rising"
                    + " errors, see [continual.md](continual.md#drift)");
    static final Key<Features> FEATURES = KEYS.optional(
            "drift.features",
            choice(Features.class),
            Features.NONE,
            DriftConfig::features,
            "detector of changes in the features. `means`: the mean of each class; `mmd`: the distribution of all samples,"
                    + " whatever their labels");
    static final Key<Integer> COOLDOWN = KEYS.optional(
            "drift.cooldown",
            whole(0, 1_000_000),
            256,
            DriftConfig::cooldown,
            "number of samples after a signal in which no signal of the same or a lower level is reported");
    static final Key<Response> ON_WARNING = KEYS.optional(
            "drift.on-warning",
            choice(Response.class),
            Response.CONTEND,
            DriftConfig::onWarning,
            "what a lane does when a detector of `drift.detectors` or `drift.features` warns of a change. `report`: it only"
                    + " publishes the signal; `contend`: contenders also begin to learn from the samples since the change;"
                    + " `suspend`: promotions are also suspended until new weights prove to be better than the serving version");
    static final Key<Response> ON_DRIFT = KEYS.optional(
            "drift.on-drift",
            choice(Response.class),
            Response.CONTEND,
            DriftConfig::onDrift,
            "what a lane does when a detector of `drift.detectors` or `drift.features` reports a change, as for a warning."
                    + " With `suspend`, heads that are trained by gradients also replay no samples from before the change any"
                    + " longer");

    /** The keys of this record. */
    static final KeyTable<DriftConfig> TABLE = KEYS.build(values -> new DriftConfig(
            values.get(DETECTORS),
            values.get(FEATURES),
            values.get(COOLDOWN),
            values.get(ON_WARNING),
            values.get(ON_DRIFT)));

    /** The usual detectors, after whose signals contenders begin to learn from the samples since the change. */
    public static final DriftConfig DEFAULT = TABLE.defaults();

    public DriftConfig {
        detectors = DETECTORS.check(List.copyOf(detectors));
        COOLDOWN.check(cooldown);
    }
}
