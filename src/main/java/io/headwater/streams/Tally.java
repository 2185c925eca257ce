package io.headwater.streams;

import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateEvaluation.AskedSums;
import io.headwater.domain.LateEvaluation.ClassCount;
import io.headwater.domain.LateEvaluation.ShadowSums;
import io.headwater.domain.Limits;
import io.headwater.domain.VersionRef;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sums of an evaluation while they change. A faded one gives a request at time t the weight 2^((t - landmark) / half-life),
 * which never changes, and divides by the weight of the newest request when it is published (Cormode, Shkapenyuk, Srivastava and
 * Xu, "Forward decay: a practical time decay model for streaming systems", 2009), so that what a request added can be taken out
 * again exactly. Not thread-safe.
 */
final class Tally {
    /** Number of classes with counts of their own. */
    static final int MOST_CLASSES = 200;

    private static final String OTHERS = "";
    /** The landmark moves on before weights become too large for the sums. */
    private static final double MOST_HALVES = 100;

    private final Lane lane;
    private final VersionRef version;
    private final long from;
    private final long halfLife;
    private long to;
    private long landmark;
    private double labelled;
    private double scoreSum;
    private final Map<String, double[]> classes = new TreeMap<>();
    private long amended;
    private double expired;
    private final double[] delays = new double[LateEvaluation.DELAYS.size() + 1];
    private double weights;
    private double squaredWeights;
    private double weightedScoreSum;
    private double weightedExpectedSum;
    private double answered;
    private double expectedSum;
    private double answerScoreSum;
    private double better;
    private double worse;
    private boolean isShadow;
    private boolean isPending;

    private Tally(Lane lane, VersionRef version, boolean isShadow, long from, long to, long halfLife, long landmark) {
        this.lane = lane;
        this.version = version;
        this.isShadow = isShadow;
        this.from = from;
        this.to = to;
        this.halfLife = halfLife;
        this.landmark = landmark;
    }

    /** Returns an empty evaluation of the requests from {@code from} to before {@code to}, in milliseconds since the epoch. */
    static Tally ofPeriod(Lane lane, VersionRef version, boolean isShadow, long from, long to) {
        return new Tally(lane, version, isShadow, from, to, 0, from);
    }

    /** Returns an empty evaluation of all requests from {@code first} on, with a half-life in milliseconds. */
    static Tally faded(Lane lane, VersionRef version, boolean isShadow, long first, long halfLife) {
        return new Tally(lane, version, isShadow, first, first, halfLife, first);
    }

    /** Counts an answer to a request of time {@code time}, whose label may be known or not, by the score that it expects of itself. */
    void answer(long time, double expectedScore) {
        double weight = weight(time);
        answered += weight;
        expectedSum += weight * expectedScore;
    }

    /** Counts the first label of a request of time {@code time}, which came {@code delay} after it. */
    void add(long time, Scored scored, Duration delay) {
        double weight = weight(time);
        change(scored, weight);
        delays[LateEvaluation.delayIndex(delay)] += weight;
    }

    /** Counts a request with another label than before. */
    void amend(long time, Scored before, Scored after) {
        double weight = weight(time);
        change(before, -weight);
        change(after, weight);
        amended++;
    }

    /** Counts a request whose label did not come in time. */
    void expire(long time) {
        expired += weight(time);
    }

    private void change(Scored scored, double weight) {
        labelled += weight;
        scoreSum += weight * scored.score();
        scored.classes((name, isRight) -> {
            double[] counts = classes.computeIfAbsent(counted(name), added -> new double[2]);
            counts[0] += weight;
            counts[1] += isRight ? weight : 0;
        });
        Double beside = scored.beside();
        if (beside != null) {
            answerScoreSum += weight * beside;
            better += scored.score() > beside ? weight : 0;
            worse += scored.score() < beside ? weight : 0;
        }
        if (scored.asked() > 0) {
            double chosen = weight / scored.asked();
            weights += chosen;
            squaredWeights += Math.signum(weight) * chosen * chosen;
            weightedScoreSum += chosen * scored.score();
            weightedExpectedSum += Double.isNaN(scored.expectedScore()) ? 0 : chosen * scored.expectedScore();
        }
    }

    private String counted(String name) {
        return classes.containsKey(name) || classes.size() < MOST_CLASSES && name.length() <= Limits.NAME
                ? name
                : OTHERS;
    }

    private double weight(long time) {
        if (halfLife == 0) {
            return 1;
        }
        to = Math.max(to, time);
        if (halves(to) > MOST_HALVES) {
            double factor = Math.pow(2, -halves(to));
            scale(factor);
            landmark = to;
        }
        return Math.pow(2, halves(time));
    }

    private double halves(long time) {
        return (double) (time - landmark) / halfLife;
    }

    private void scale(double factor) {
        labelled *= factor;
        scoreSum *= factor;
        classes.values().forEach(counts -> {
            counts[0] *= factor;
            counts[1] *= factor;
        });
        expired *= factor;
        for (int i = 0; i < delays.length; i++) {
            delays[i] *= factor;
        }
        weights *= factor;
        squaredWeights *= factor * factor;
        weightedScoreSum *= factor;
        weightedExpectedSum *= factor;
        answered *= factor;
        expectedSum *= factor;
        answerScoreSum *= factor;
        better *= factor;
        worse *= factor;
    }

    /** Returns the lane that is evaluated. */
    Lane lane() {
        return lane;
    }

    /** Returns the end of the period, or the time of the newest request of a faded evaluation. */
    long to() {
        return to;
    }

    /** Returns whether a changed evaluation is going to be published. */
    boolean isPending() {
        return isPending;
    }

    void pending(boolean pending) {
        isPending = pending;
    }

    /**
     * Returns the evaluation.
     *
     * @param at time up to which requests and labels are included, in milliseconds since the epoch
     */
    LateEvaluation evaluation(String scoreName, long at) {
        double share = halfLife == 0 ? 1 : Math.pow(2, -halves(to));
        List<ClassCount> counts = new ArrayList<>();
        classes.forEach((name, sums) -> counts.add(new ClassCount(name, sums[0] * share, sums[1] * share)));
        return new LateEvaluation(
                lane,
                version,
                Instant.ofEpochMilli(from),
                Instant.ofEpochMilli(to),
                Duration.ofMillis(halfLife),
                scoreName,
                labelled * share,
                scoreSum * share,
                counts,
                amended,
                expired * share,
                Arrays.stream(delays).mapToObj(one -> one * share).toList(),
                new AskedSums(
                        weights * share,
                        squaredWeights * share * share,
                        weightedScoreSum * share,
                        weightedExpectedSum * share,
                        answered * share,
                        expectedSum * share),
                Instant.ofEpochMilli(at),
                isShadow ? new ShadowSums(answerScoreSum * share, better * share, worse * share) : null);
    }

    byte[] encode() {
        return StateFormat.write(out -> {
            StateFormat.write(out, lane.key());
            StateFormat.write(out, version.lane().key());
            out.writeLong(version.number());
            StateFormat.write(out, version.artifact().hex());
            StateFormat.write(out, version.checkpoint().hex());
            out.writeLong(from);
            out.writeLong(to);
            out.writeLong(halfLife);
            out.writeLong(landmark);
            sums(out);
        });
    }

    private void sums(DataOutputStream out) throws IOException {
        out.writeDouble(labelled);
        out.writeDouble(scoreSum);
        out.writeLong(amended);
        out.writeDouble(expired);
        for (double delay : delays) {
            out.writeDouble(delay);
        }
        out.writeDouble(weights);
        out.writeDouble(squaredWeights);
        out.writeDouble(weightedScoreSum);
        out.writeDouble(weightedExpectedSum);
        out.writeDouble(answered);
        out.writeDouble(expectedSum);
        out.writeBoolean(isPending);
        out.writeInt(classes.size());
        for (Map.Entry<String, double[]> one : classes.entrySet()) {
            StateFormat.write(out, one.getKey());
            out.writeDouble(one.getValue()[0]);
            out.writeDouble(one.getValue()[1]);
        }
        // At the end and only of challengers, so that what was written before there were any is read.
        if (isShadow) {
            out.writeDouble(answerScoreSum);
            out.writeDouble(better);
            out.writeDouble(worse);
        }
    }

    static Tally decode(byte[] bytes) {
        return StateFormat.read(bytes, in -> {
            Lane lane = Lane.parse(StateFormat.readText(in));
            VersionRef version = new VersionRef(
                    Lane.parse(StateFormat.readText(in)),
                    in.readLong(),
                    new Digest(StateFormat.readText(in)),
                    new Digest(StateFormat.readText(in)));
            Tally tally = new Tally(lane, version, false, in.readLong(), in.readLong(), in.readLong(), in.readLong());
            tally.readSums(in);
            return tally;
        });
    }

    private void readSums(DataInputStream in) throws IOException {
        labelled = in.readDouble();
        scoreSum = in.readDouble();
        amended = in.readLong();
        expired = in.readDouble();
        for (int i = 0; i < delays.length; i++) {
            delays[i] = in.readDouble();
        }
        weights = in.readDouble();
        squaredWeights = in.readDouble();
        weightedScoreSum = in.readDouble();
        weightedExpectedSum = in.readDouble();
        answered = in.readDouble();
        expectedSum = in.readDouble();
        isPending = in.readBoolean();
        for (int left = in.readInt(); left > 0; left--) {
            classes.put(StateFormat.readText(in), new double[] {in.readDouble(), in.readDouble()});
        }
        isShadow = in.available() > 0;
        if (isShadow) {
            answerScoreSum = in.readDouble();
            better = in.readDouble();
            worse = in.readDouble();
        }
    }
}
