package io.headwater.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How good the answers of one version to the requests of one period were, as far as their late labels are known: one event of
 * the {@code label-evaluations} topic. A later event of the same lane, version, half-life and period replaces it; what a version
 * answered as a challenger and what it answered when it served are evaluated apart.
 *
 * @param lane the adaptation that answered, and the domain of the requests
 * @param version the version that answered; it belongs to another lane when the lane was served by its source
 * @param from beginning of the period, by the times at which brokers took the requests
 * @param to end of the period, which does not belong to it; with a half-life, the time of the newest request that is included
 * @param halfLife zero when all requests count alike; otherwise the time after which a request counts half, and every number
 *     except {@code amended} is a sum of these weights
 * @param scoreName name of the score of the task, such as {@code accuracy}
 * @param labelled number of requests whose label is known
 * @param scoreSum sum of their scores, each 0 to 1
 * @param classes counts by class; empty where labels are no classes
 * @param amended how often a label was corrected after it was counted
 * @param expired number of answered requests whose label did not come in time
 * @param delays number of labels by the time that they came after the request, as {@link #DELAYS} has the limits; the last one
 *     counts those above all limits
 * @param asked sums over the requests that were chosen for labelling
 * @param at time of the broker up to which requests and labels are included
 * @param shadow what the answers of a challenger are compared with; null when the version served
 */
public record LateEvaluation(
        Lane lane,
        VersionRef version,
        Instant from,
        Instant to,
        Duration halfLife,
        String scoreName,
        double labelled,
        double scoreSum,
        List<ClassCount> classes,
        long amended,
        double expired,
        List<Double> delays,
        AskedSums asked,
        Instant at,
        @Nullable ShadowSums shadow) {
    /** The upper limits of the delays that are counted together, each included. */
    public static final List<Duration> DELAYS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofDays(1),
            Duration.ofDays(3),
            Duration.ofDays(7));

    public LateEvaluation {
        classes = List.copyOf(classes);
        delays = List.copyOf(delays);
    }

    /**
     * How often a class was right.
     *
     * @param name of the class; empty for all classes without a count of their own
     * @param support number of labels that are this class, or contain it
     * @param correct number of these whose prediction is this class, or contains it
     */
    public record ClassCount(String name, double support, double correct) {}

    /**
     * Sums by which the scores of requests that were chosen for labelling say what the mean score of all requests is, although the
     * chosen ones may be harder. Each labelled one has the weight 1 / the probability of its choice. What an answer says of itself,
     * its expected score, is known of all requests; it is 0 in all sums where answers have no probabilities, and where nobody is
     * asked.
     *
     * @param weights sum of the weights
     * @param squaredWeights sum of the squares of the weights
     * @param weightedScoreSum sum of the weights times the scores
     * @param weightedExpectedSum sum of the weights times the expected scores
     * @param answered number of answered requests with an expected score, whether their labels are known or not
     * @param expectedSum sum of their expected scores
     */
    public record AskedSums(
            double weights,
            double squaredWeights,
            double weightedScoreSum,
            double weightedExpectedSum,
            double answered,
            double expectedSum) {
        /**
         * Returns the self-normalised estimate of the mean score of all requests (Hájek, "Comment on An Essay on the Logical
         * Foundations of Survey Sampling", 1971), 0 to 1; NaN when no labelled request was chosen.
         */
        public double meanScore() {
            return weights > 0 ? weightedScoreSum / weights : Double.NaN;
        }

        /**
         * Returns the estimate that the expected scores assist: their mean over all requests, corrected by the weighted mean of
         * what the scores of the chosen ones were above those that were expected. It is the generalised difference estimator of
         * Cassel, Särndal and Wretman ("Some results on generalized difference estimation and generalized regression estimation for
         * finite populations", 1976), with the normalised weights of Hájek; Zrnic and Candès ("Active Statistical Inference", 2024)
         * apply it to labels that are chosen by the doubt of a model. Wrong expectations do not make it wrong, because the
         * correction is weighted as the scores are; the better they are, the less it depends on which requests were chosen.
         *
         * @return from 0 to 1; NaN when no labelled request was chosen, or when there are no expected scores
         */
        public double assistedMeanScore() {
            return weights > 0 && answered > 0
                    ? Math.max(
                            0, Math.min(1, expectedSum / answered + (weightedScoreSum - weightedExpectedSum) / weights))
                    : Double.NaN;
        }

        /**
         * Returns the number of requests of equal weight that would be as certain (Kish, "Survey Sampling", 1965); 0 when there are
         * none.
         */
        public double effectiveSize() {
            return squaredWeights > 0 ? weights * weights / squaredWeights : 0;
        }
    }

    /**
     * What the answers of a challenger are compared with: the answers of the versions that served, to the same labelled requests.
     *
     * @param answerScoreSum sum of the scores of these answers, each 0 to 1
     * @param better number of requests to which the challenger's answer has the higher score
     * @param worse number of requests to which it has the lower score
     */
    public record ShadowSums(double answerScoreSum, double better, double worse) {}

    /** Returns the mean score of the labelled requests, 0 to 1; NaN when there are none. */
    public double meanScore() {
        return labelled > 0 ? scoreSum / labelled : Double.NaN;
    }

    /** Returns which of the {@link #delays} counts a label that came {@code delay} after its request. */
    public static int delayIndex(Duration delay) {
        int index = 0;
        while (index < DELAYS.size() && delay.compareTo(DELAYS.get(index)) > 0) {
            index++;
        }
        return index;
    }
}
