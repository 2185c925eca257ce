package io.headwater.adapt.race;

import io.headwater.adapt.calibrate.Temperature;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.task.LinearTarget;
import java.util.Arrays;

/**
 * Divides logits by a temperature that is chosen from the logits of samples before they were learned from. Predicted
 * numbers are no logits and stay as they are. Not thread-safe.
 */
final class Calibration {
    private final LinearTarget kind;
    private final Temperature temperature;

    private Calibration(LinearTarget kind, Temperature temperature) {
        this.kind = kind;
        this.temperature = temperature;
    }

    /** Creates a calibration that has seen no sample. */
    static Calibration none(LinearTarget kind) {
        return new Calibration(kind, new Temperature(1));
    }

    static Calibration read(LinearTarget kind, SectionReader section) {
        return new Calibration(kind, Temperature.read(section));
    }

    void write(SectionWriter section) {
        temperature.write(section);
    }

    /** Adds samples that {@code weights} have not learned from. */
    void add(LinearWeights weights, SampleTargets rows) {
        for (int i = 0; i < rows.count(); i++) {
            float[] logits = weights.logits(rows.features()[i]);
            if (kind == LinearTarget.CLASSES && rows.classes()[i] < logits.length) {
                temperature.addClass(logits, rows.classes()[i]);
            } else if (kind == LinearTarget.LABELS) {
                temperature.addIndependent(logits, Arrays.copyOf(rows.targets()[i], logits.length));
            }
        }
    }

    /** Returns weights whose logits are calibrated. */
    LinearWeights apply(LinearWeights weights) {
        return kind == LinearTarget.NUMBERS || temperature.samples() == 0
                ? weights
                : weights.divided(temperature.temperature());
    }
}
