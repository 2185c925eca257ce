package io.headwater.adapt;

import io.headwater.adapt.judge.ErrorBudget;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.PromotionConfig;
import io.headwater.domain.Digest;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions that are compared with the champion: the one that served before it, the one that served before the stream
 * changed, and one that wants to take its place. Not thread-safe.
 */
final class Rivals implements AutoCloseable {
    /** Number of samples on which a predecessor is compared before a later version takes its place. */
    private static final long WATCHED_SAMPLES = 256;

    /** Evidence from which a predecessor is kept for longer. */
    private static final double SUSPICIOUS = 1;

    /** Number of samples on which a version may try to prove that it is better, before a newer one takes its place. */
    private static final long CANDIDATE_SAMPLES = 512;

    /** Number of versions to which a lane may return. */
    private static final int EARLIER = 2;

    private final Heads heads;
    private final double smallestEffect;
    private final ErrorBudget rollbacks;
    private final ErrorBudget promotions;
    private @Nullable Rival predecessor;
    private @Nullable Rival former;
    private @Nullable Rival candidate;

    private Rivals(Heads heads, double smallestEffect, ErrorBudget rollbacks, ErrorBudget promotions) {
        this.heads = heads;
        this.smallestEffect = smallestEffect;
        this.rollbacks = rollbacks;
        this.promotions = promotions;
    }

    static Rivals none(PromotionConfig rules, Heads heads) {
        return new Rivals(
                heads,
                rules.smallestEffect(),
                new ErrorBudget(rules.errorShare()),
                new ErrorBudget(rules.errorShare()));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param names names of the outputs of the lane
     */
    static Rivals read(
            PromotionConfig rules, Heads heads, Digest baseModel, List<String> names, SectionReader section) {
        Rivals read = new Rivals(
                heads,
                rules.smallestEffect(),
                budget(rules, section, "rollbacks"),
                budget(rules, section, "promotions"));
        if (section.hasSection("predecessor")) {
            read.predecessor = Rival.read(section.section("predecessor"), heads, baseModel, names, 0);
        }
        if (section.hasSection("former")) {
            read.former = Rival.read(section.section("former"), heads, baseModel, names, 0);
        }
        if (section.hasSection("candidate")) {
            read.candidate = Rival.read(section.section("candidate"), heads, baseModel, names, rules.smallestEffect());
        }
        return read;
    }

    private static ErrorBudget budget(PromotionConfig rules, SectionReader section, String name) {
        return section.hasSection(name)
                ? ErrorBudget.read(rules.errorShare(), section.section(name))
                : new ErrorBudget(rules.errorShare());
    }

    void write(SectionWriter section) {
        rollbacks.write(section.section("rollbacks"));
        promotions.write(section.section("promotions"));
        if (predecessor != null) {
            predecessor.write(section.section("predecessor"));
        }
        if (former != null) {
            former.write(section.section("former"));
        }
        if (candidate != null) {
            candidate.write(section.section("candidate"));
        }
    }

    private List<Rival> all() {
        return Stream.of(predecessor, former, candidate)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns the digests of the artifacts of all, and of their checkpoints. */
    Set<Digest> mentioned() {
        return all().stream()
                .map(Rival::version)
                .flatMap(version -> Stream.of(version.artifact(), version.checkpoint()))
                .collect(Collectors.toSet());
    }

    /** Compares all with the champion's predictions for samples. */
    void compare(Goal goal, float[][] features, List<Target> expected, List<Answer> byChampion) {
        all().forEach(rival -> rival.compare(goal, features, expected, byChampion));
    }

    /** Begins all comparisons anew, because the stream has changed. */
    void streamChanged() {
        rollbacks.endRound(false);
        all().forEach(Rival::restart);
    }

    /** Returns the evidence by which a lane returns to a version. */
    double required() {
        return rollbacks.required(EARLIER);
    }

    /** Returns an earlier version that has proved to be better than the champion. */
    Optional<Rival> better() {
        return Stream.of(former, predecessor)
                .filter(Objects::nonNull)
                .filter(one -> one.better().evidence() >= required())
                .findFirst();
    }

    /** Returns the version that tries to prove that it is better than the champion; null when there is none. */
    @Nullable
    Rival candidate() {
        return candidate;
    }

    /** Returns whether the candidate has proved that it is better. */
    boolean isProved(Rival proving) {
        return proving.better().evidence() >= promotions.required(1);
    }

    /** Lets a version try to prove that it is better than the champion, if no other one does. */
    void consider(VersionRef version, Supplier<HeadArtifact> published) {
        if (candidate == null) {
            candidate = Rival.of(version, published.get(), heads, smallestEffect);
        }
    }

    /** Gives up a candidate that has not proved itself in time. */
    void giveUpCandidate() {
        if (candidate != null && candidate.better().samples() >= CANDIDATE_SAMPLES) {
            promotions.endRound(false);
            candidate = closed(candidate);
        }
    }

    /** Notes that the candidate takes the champion's place. */
    void candidateServes() {
        promotions.endRound(true);
    }

    /**
     * Notes that the lane returns to {@code earlier}.
     *
     * @param serving the champion, to which the lane may return if the stream changes once more
     */
    void rollBack(Rival earlier, @Nullable VersionRef serving, @Nullable HeadArtifact artifact) {
        rollbacks.endRound(true);
        if (earlier == former) {
            keepAsFormer(serving, artifact);
        }
        predecessor = closed(predecessor);
    }

    /** Keeps the version that served until the stream changed. */
    void keepAsFormer(@Nullable VersionRef serving, @Nullable HeadArtifact artifact) {
        former = closed(former);
        if (serving != null && artifact != null) {
            former = Rival.of(serving, artifact, heads, 0);
        }
    }

    /**
     * Keeps the version before the next one, unless an earlier one is being watched. One that used samples without a label is not
     * kept: with few labels, it may be better than versions after it until these soon know more, and the contender that it came from
     * goes on and may come back.
     */
    void keepAsPredecessor(@Nullable VersionRef serving, @Nullable HeadArtifact artifact) {
        boolean watching = predecessor != null
                && (predecessor.better().samples() < WATCHED_SAMPLES
                        || predecessor.better().evidence() > SUSPICIOUS);
        if (serving != null && artifact != null && !artifact.aligned() && !watching) {
            if (predecessor != null) {
                rollbacks.endRound(false);
            }
            predecessor = closed(predecessor);
            predecessor = Rival.of(serving, artifact, heads, 0);
        }
    }

    /** Drops the candidate, because it was compared with another champion. */
    void dropCandidate() {
        candidate = closed(candidate);
    }

    /** Drops the versions to which the lane may return, because a person has decided what serves. */
    void dropEarlier() {
        predecessor = closed(predecessor);
        former = closed(former);
    }

    /** Closes what is not null; returns null, which takes its place. */
    private static @Nullable Rival closed(@Nullable Rival rival) {
        if (rival != null) {
            rival.close();
        }
        return null;
    }

    @Override
    public void close() {
        all().forEach(Rival::close);
    }
}
