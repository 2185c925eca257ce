package io.headwater.adapt.race;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.ArtifactException;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.LinearTarget;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A contender whose weights follow from the samples of a window. It solves for them again when the window has changed
 * enough. Not thread-safe.
 */
final class ClosedContender {
    /** A window of this many rows is solved for after each step. */
    private static final long SMALL = 64;

    /** A larger one when it has changed by this part of its rows. */
    private static final double CHANGED = 0.25;

    /** And a costly one when it has changed by this part. */
    private static final double COSTLY_CHANGED = 0.5;

    private final String name;
    private final Rule rule;
    private final LinearTarget kind;
    private final Window window;
    private Calibration calibration;
    private @Nullable LinearWeights weights;
    private long changes;
    private long solvedRows;

    private ClosedContender(String name, Rule rule, LinearTarget kind, Window window, Calibration calibration) {
        this.name = name;
        this.rule = rule;
        this.kind = kind;
        this.window = window;
        this.calibration = calibration;
    }

    /** Creates a contender that has no weights yet. */
    static ClosedContender untrained(String name, Rule rule, LinearTarget kind, Window window) {
        return new ClosedContender(name, rule, kind, window, Calibration.none(kind));
    }

    static ClosedContender read(String name, Rule rule, LinearTarget kind, Window window, SectionReader section) {
        ClosedContender read =
                new ClosedContender(name, rule, kind, window, Calibration.read(kind, section.section("temperature")));
        read.changes = section.value("changes", Long::valueOf);
        read.solvedRows = section.value("solvedRows", Long::valueOf);
        Map<String, Tensor.F32> tensors = section.tensors("head");
        if (!tensors.isEmpty()) {
            read.weights = weights(section.name(), tensors);
        }
        return read;
    }

    private static LinearWeights weights(String section, Map<String, Tensor.F32> tensors) {
        Tensor.F32 matrix = tensors.get("output/W");
        Tensor.F32 biases = tensors.get("output/b");
        if (matrix == null
                || biases == null
                || matrix.shape().length != 2
                || matrix.shape()[1] != biases.values().length) {
            throw new ArtifactException("a checkpoint must hold output/W and output/b of '%s', but holds %s"
                    .formatted(section, tensors.keySet()));
        }
        return new LinearWeights(matrix.shape()[0], matrix.shape()[1], matrix.values(), biases.values());
    }

    void write(SectionWriter section) {
        calibration.write(section.section("temperature"));
        section.value("changes", changes);
        section.value("solvedRows", solvedRows);
        section.tensors("head", weights == null ? Map.of() : weights.parameters());
    }

    String name() {
        return name;
    }

    Window window() {
        return window;
    }

    /** Returns the number of outputs of its weights; 0 when it has none. */
    int outputs() {
        return weights == null ? 0 : weights.outputs();
    }

    boolean hasWeights() {
        return weights != null;
    }

    /** Returns the calibrated logits of each sample; there must be weights. */
    float[][] logits(float[][] features) {
        return calibration.logits(Objects.requireNonNull(weights, "logits need weights"), features);
    }

    /** Uses samples that have not been learned from yet for the temperature. */
    void calibrate(List<StoredSample> samples) {
        if (weights != null) {
            calibration.add(weights, SampleTargets.of(kind, weights.inputs(), samples));
        }
    }

    /** Notes that rows of its window were added or removed. */
    void changed(long rows) {
        changes += rows;
    }

    /** Solves for the weights again when the window has changed enough since the last time. */
    void follow(List<StoredSample> memory, int outputs) {
        if (changes > 0 && (window.moments().rows() <= SMALL || changes >= growth() * solvedRows)) {
            solve(memory, outputs);
        }
    }

    private double growth() {
        return rule.isCostly() ? COSTLY_CHANGED : CHANGED;
    }

    /** Solves for the weights again when anything has changed since the last time. */
    void finish(List<StoredSample> memory, int outputs) {
        if (rule == Rule.FORMER) {
            weights = weights == null ? null : weights.grown(outputs);
            return;
        }
        if (changes > 0 || weights == null || weights.outputs() != outputs) {
            solve(memory, outputs);
        }
    }

    private void solve(List<StoredSample> memory, int outputs) {
        weights = solved(window.moments(), memory, outputs);
        solvedRows = window.moments().rows();
        changes = 0;
    }

    private @Nullable LinearWeights solved(Moments moments, List<StoredSample> memory, int outputs) {
        if (moments.isEmpty()) {
            return null;
        }
        List<StoredSample> included = memory.stream().filter(window::includes).toList();
        return rule.solve(moments, SampleTargets.of(kind, moments.width(), included), outputs);
    }

    /** Returns the calibrated logits of samples by weights that are computed without these samples. */
    float[][] logitsWithout(List<StoredSample> samples, List<StoredSample> memory, int outputs) {
        float[][] features = samples.stream().map(StoredSample::features).toArray(float[][]::new);
        LinearWeights without = rule == Rule.FORMER && weights != null
                ? weights.grown(outputs)
                : solved(window.without(samples), without(samples, memory), outputs);
        return calibration.logits(
                without == null ? LinearWeights.zero(window.moments().width(), outputs) : without, features);
    }

    /** Returns the samples in memory without some; those of another lane have no number and are known by their content. */
    private static List<StoredSample> without(List<StoredSample> samples, List<StoredSample> memory) {
        Set<Long> numbers = samples.stream().map(StoredSample::number).collect(Collectors.toSet());
        List<StoredSample> unnumbered =
                samples.stream().filter(one -> one.number() == 0).toList();
        return memory.stream()
                .filter(one -> one.number() == 0
                        ? unnumbered.stream().noneMatch(one::hasContentOf)
                        : !numbers.contains(one.number()))
                .toList();
    }

    /** Returns weights whose logits are its calibrated logits; null when it has none. */
    @Nullable
    LinearWeights calibratedWeights() {
        return weights == null ? null : calibration.apply(weights);
    }

    /** Takes weights that remain as they are. */
    void take(@Nullable LinearWeights fixed) {
        restart();
        weights = fixed;
    }

    /** Forgets weights and calibration, because its window begins again. */
    void restart() {
        weights = null;
        changes = 0;
        solvedRows = 0;
        calibration = Calibration.none(kind);
    }
}
