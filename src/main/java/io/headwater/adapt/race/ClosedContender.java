package io.headwater.adapt.race;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.ArtifactException;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.LinearTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A contender whose weights follow from the samples of a window. It solves for them again when the window has changed
 * enough and its account covers it. Not thread-safe.
 */
final class ClosedContender {
    /** A window of this many rows is solved for after each step. */
    private static final long SMALL = 64;

    /** A larger one when it has changed by this part of its rows. */
    private static final double CHANGED = 0.25;

    private final FamilyMember place;
    private final LinearTarget kind;
    private final Window window;
    private final Terms terms;
    private final Account account;
    private Calibration calibration;
    private Stack stack;
    private @Nullable LinearWeights weights;
    private long changes;
    private long solvedRows;

    private ClosedContender(
            FamilyMember place, Window window, Terms terms, Account account, Calibration calibration, Stack stack) {
        this.place = place;
        this.kind = window.kind();
        this.window = window;
        this.terms = terms;
        this.account = account;
        this.calibration = calibration;
        this.stack = stack;
    }

    /** Creates a contender that has no weights yet. */
    static ClosedContender untrained(FamilyMember place, Window window, Terms terms) {
        return new ClosedContender(
                place, window, terms, Account.empty(terms.operations()), Calibration.none(window.kind()), Stack.even());
    }

    static ClosedContender read(FamilyMember place, Window window, Terms terms, SectionReader section) {
        ClosedContender read = new ClosedContender(
                place,
                window,
                terms,
                Account.read(terms.operations(), section.section("account")),
                Calibration.read(window.kind(), section.section("temperature")),
                place.isStacked() ? Stack.read(section.section("stack")) : Stack.even());
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
        account.write(section.section("account"));
        calibration.write(section.section("temperature"));
        if (place.isStacked()) {
            stack.write(section.section("stack"));
        }
        section.value("changes", changes);
        section.value("solvedRows", solvedRows);
        section.tensors("head", weights == null ? Map.of() : weights.parameters());
    }

    String name() {
        return place.name();
    }

    Window window() {
        return window;
    }

    /** Returns the number of outputs of its weights; 0 when it has none. */
    int outputs() {
        return weights == null ? 0 : weights.outputs();
    }

    /** Returns whether it uses samples without a label. */
    boolean usesUnlabelled() {
        return place.usesUnlabelled();
    }

    /** Returns whether it gets its weights from elsewhere. */
    boolean isGiven() {
        return place.isGiven();
    }

    boolean hasWeights() {
        return weights != null;
    }

    /**
     * Returns the weights at the temperature that suited the newest samples, so that scores of their predictions say how much a
     * contender knows and not how certain it was; there must be weights.
     */
    LinearWeights comparableWeights() {
        return calibration.apply(Objects.requireNonNull(weights, "a comparison needs weights"));
    }

    /** Returns the logits of each sample by {@link #comparableWeights}. */
    float[][] logits(float[][] features) {
        return logits(comparableWeights(), features);
    }

    static float[][] logits(LinearWeights weights, float[][] features) {
        return Arrays.stream(features).map(weights::logits).toArray(float[][]::new);
    }

    /** Uses samples that have not been learned from yet for the temperature. */
    void calibrate(List<StoredSample> samples) {
        if (weights != null) {
            calibration.add(weights, SampleTargets.of(kind, weights.inputs(), samples));
        }
    }

    /** Notes that rows of the lane were added to its window. */
    void learned(long rows) {
        account.earn(rows);
        changed(rows);
    }

    /** Notes that its window has other rows. */
    void changed(long rows) {
        changes += rows;
    }

    /** Solves for the weights again when the window has changed enough since the last time. */
    void follow(List<StoredSample> memory, int outputs) {
        long rows = window.moments().rows();
        boolean isDue = changes > 0 && (rows <= SMALL || changes >= CHANGED * solvedRows);
        if (isDue && (weights == null || account.isCovered())) {
            solve(memory, outputs);
        }
    }

    /**
     * Solves for the weights again when anything has changed since the last time and the account covers it. Where it does
     * not, the weights are those of the last time, which do not know newer outputs.
     */
    void finish(List<StoredSample> memory, int outputs) {
        if (weights != null && (place.isGiven() || !account.isCovered())) {
            weights = weights.grown(outputs);
        } else if (!place.isGiven() && (changes > 0 || weights == null || weights.outputs() != outputs)) {
            solve(memory, outputs);
        }
    }

    /** Solves for the weights again, from a window from which samples were removed. */
    void solve(List<StoredSample> memory, int outputs) {
        List<StoredSample> included = memory.stream().filter(window::includes).toList();
        Moments sums = window.moments();
        if (place.isStacked()) {
            long operations = Stack.operations(sums.width(), included.size(), outputs);
            if (stack.isDue(window)) {
                stack.choose(window, included, outputs);
                account.spend(HeldOutLogits.FOLDS * operations);
            }
            account.spend(operations);
        } else {
            account.spend(place.rule().operations(sums.width(), included.size(), outputs));
        }
        weights = solved(sums, included, outputs);
        solvedRows = sums.rows();
        changes = 0;
    }

    private @Nullable LinearWeights solved(Moments sums, List<StoredSample> included, int outputs) {
        if (sums.isEmpty()) {
            return null;
        }
        return solved(sums, window.targets(included), outputs);
    }

    /**
     * Returns the weights that it would have if other rows were those of its window, with the shares and temperatures that it has.
     *
     * @param sums sums of the rows, at least one
     * @param rows those of them that are in memory
     */
    LinearWeights solved(Moments sums, SampleTargets rows, int outputs) {
        LinearWeights solved = place.isStacked()
                ? stack.solve(sums, rows, outputs)
                : place.rule().solve(sums, rows, outputs);
        return terms.uniformPrior() && place.rule().hasStreamPrior()
                ? solved.withUniformPrior(sums.centred(outputs).targetMean())
                : solved;
    }

    /** Returns the logits of samples, as {@link #logits}, by weights that are computed without these samples. */
    float[][] logitsWithout(List<StoredSample> samples, List<StoredSample> memory, int outputs) {
        float[][] features = samples.stream().map(StoredSample::features).toArray(float[][]::new);
        LinearWeights without = place.isGiven() && weights != null
                ? weights.grown(outputs)
                : solved(window.without(samples), without(samples, memory), outputs);
        return without == null
                ? logits(LinearWeights.zero(window.moments().width(), outputs), features)
                : logits(calibration.apply(without), features);
    }

    /**
     * Returns the samples of the window in memory without some; those of another lane have no number and are known by
     * their content.
     */
    private List<StoredSample> without(List<StoredSample> samples, List<StoredSample> memory) {
        Set<Long> numbers = samples.stream().map(StoredSample::number).collect(Collectors.toSet());
        List<StoredSample> unnumbered =
                samples.stream().filter(one -> one.number() == 0).toList();
        return memory.stream()
                .filter(window::includes)
                .filter(one -> one.number() == 0
                        ? unnumbered.stream().noneMatch(one::hasContentOf)
                        : !numbers.contains(one.number()))
                .toList();
    }

    /**
     * Returns weights with calibrated logits; null when it has none. A stack has calibrated itself on samples of all classes,
     * while the samples just before may be of one.
     */
    @Nullable
    LinearWeights calibratedWeights() {
        return weights == null || place.isStacked() ? weights : calibration.apply(weights);
    }

    /** Takes weights that remain as they are. */
    void take(@Nullable LinearWeights fixed) {
        restart();
        weights = fixed;
    }

    /** Takes weights of which it is known how certain they are, as those before them. */
    void renew(LinearWeights next) {
        weights = next;
    }

    /** Forgets weights and calibration, because its window begins again. */
    void restart() {
        weights = null;
        changes = 0;
        solvedRows = 0;
        calibration = Calibration.none(kind);
        stack = Stack.even();
    }
}
