package io.headwater.adapt.ask;

import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import io.headwater.domain.Lane;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Chooses the requests of a lane that people should label. Each request is chosen with a probability p that depends on the requests
 * before it only. A part of the budget, the floor, is spent at random, and the rest on those whose score is among the highest of the
 * last requests, so that the mean of p is the budget, and no p is 0 while there is budget left: estimates from the labels can be
 * weighted by 1/p, see {@link io.headwater.domain.LateEvaluation.AskedSums}. Random choice is a baseline that is hard to beat (Margatina, Aletras, On the Limitations of
 * Simulating Active Learning, 2023; Ho et al., Learning to Learn for Few-shot Continual Active Learning, 2023).
 *
 * <p>The random number of a request follows from the seed, the lane and its id. A request that is answered again after a failure is
 * therefore chosen again, unless its probability has changed. Not safe for use by several threads.
 */
public final class LaneAsks {
    private static final double UNIT = 0x1p-53;

    private final AsksConfig config;
    private final byte[] salt;
    private final LabelBudget budget;
    /** The last scores by each strategy that computed them, because those of two cannot be compared. */
    private final Map<Strategy, RecentScores> recent = new EnumMap<>(Strategy.class);

    private final FeatureDensity density = new FeatureDensity();

    /** What the probabilities were less than the budget so far; scores that fall all the time would otherwise starve it. */
    private double owed;

    /**
     * Creates an instance that has seen nothing.
     *
     * @param seed of the adaptation
     */
    public LaneAsks(AsksConfig config, long seed, Lane lane) {
        this.config = config;
        byte[] key = lane.key().getBytes(StandardCharsets.UTF_8);
        this.salt = ByteBuffer.allocate(Long.BYTES + key.length + 1)
                .putLong(seed)
                .put(key)
                .array();
        this.budget = new LabelBudget(config);
    }

    /**
     * Counts a request that was chosen before this instance was created; only those of the newest day count.
     *
     * @param chosenAt in milliseconds since the epoch
     */
    public void remember(long chosenAt) {
        budget.chosen(chosenAt);
    }

    /**
     * Returns how many requests may still be chosen on a day; the largest integer where there is no limit.
     *
     * @param now a time of the day, in milliseconds since the epoch
     */
    public int left(long now) {
        return budget.left(now);
    }

    /**
     * Chooses a request or not.
     *
     * @param answered what is known of it and of its answer
     * @param now in milliseconds since the epoch
     */
    public Choice choose(String requestId, AnsweredRequest answered, long now) {
        double share = budget.shareAt(now);
        Strategy strategy = strategyFor(answered);
        double score = score(strategy, answered);
        double part = recent.computeIfAbsent(strategy, one -> new RecentScores())
                .partAmongHighest(score, share == 0 ? 0 : share + owed / RecentScores.MEMORY);
        double atRandom = config.floor() * share;
        double probability = atRandom + (1 - config.floor()) * part;
        owed = Math.max(-RecentScores.MEMORY, Math.min(RecentScores.MEMORY, owed + share - probability));
        double drawn = drawn(requestId);
        boolean isChosen = drawn < probability;
        if (isChosen) {
            budget.chosen(now);
        }
        return new Choice(isChosen, probability, drawn < atRandom ? Strategy.RANDOM : strategy, score);
    }

    /** Returns what scores a request: the configured strategy, unless the version that answered has no other contenders with it. */
    private Strategy strategyFor(AnsweredRequest answered) {
        boolean isUnknown = config.strategy() == Strategy.DISAGREEMENT && Double.isNaN(answered.disagreement());
        return isUnknown ? Strategy.ENTROPY : config.strategy();
    }

    private double score(Strategy strategy, AnsweredRequest answered) {
        return switch (strategy) {
            case RANDOM -> 0;
            case MARGIN -> margin(answered);
            case ENTROPY ->
                answered.probabilities().isEmpty()
                        ? Doubt.within(answered.risk())
                        : Doubt.entropy(answered.probabilities());
            case DENSITY -> density.nearness(answered.features());
            case MARGIN_DENSITY -> density.nearness(answered.features()) * margin(answered);
            case DISAGREEMENT -> answered.disagreement();
        };
    }

    private static double margin(AnsweredRequest answered) {
        return answered.probabilities().isEmpty()
                ? Doubt.within(answered.risk())
                : Doubt.margin(answered.probabilities());
    }

    /** Returns a number from 0 to below 1 that only the seed, the lane and the id determine. */
    private double drawn(String requestId) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            long bits = ByteBuffer.wrap(digest.digest(requestId.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
            return (bits >>> 11) * UNIT;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must provide SHA-256", e);
        }
    }
}
