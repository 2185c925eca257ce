package io.headwater.ops;

import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.kafka.Topic;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * The topics that a role reads or writes. A process needs no permission for the others, so that a release with a new topic does not
 * stop the roles that do without it.
 */
public final class RoleTopics {
    private RoleTopics() {}

    /**
     * Returns the topics of {@code roles}.
     *
     * @param asks whether a predictor publishes requests that are worth a label
     * @param featurized whether trainers and predictors read the features of featurizers
     * @param logs whether the role {@code api} writes the requests that it answers to their topics
     */
    public static Set<Topic> of(Collection<ProcessRole> roles, boolean asks, boolean featurized, boolean logs) {
        Set<Topic> used = EnumSet.noneOf(Topic.class);
        for (ProcessRole role : roles) {
            used.addAll(of(role));
            boolean prepares = role == ProcessRole.TRAINER || role == ProcessRole.PREDICTOR;
            addIf(used, asks && role == ProcessRole.PREDICTOR, Topic.ASKS);
            addIf(used, featurized && prepares, Topic.FEATURES);
            addIf(used, logs && role == ProcessRole.API, Topic.REQUESTS, Topic.PREDICTIONS);
        }
        return used;
    }

    private static void addIf(Set<Topic> used, boolean isUsed, Topic... more) {
        if (isUsed) {
            used.addAll(Set.of(more));
        }
    }

    private static Set<Topic> of(ProcessRole role) {
        return switch (role) {
            case TRAINER ->
                EnumSet.of(
                        Topic.SAMPLES,
                        Topic.COMMANDS,
                        Topic.MODEL_VERSIONS,
                        Topic.SERVING,
                        Topic.TRAINER_STATE,
                        Topic.EVALUATIONS,
                        Topic.DEAD_LETTERS);
            case PREDICTOR -> EnumSet.of(Topic.REQUESTS, Topic.PREDICTIONS, Topic.SERVING, Topic.DEAD_LETTERS);
            case STREAMS ->
                EnumSet.of(
                        Topic.SAMPLES,
                        Topic.REQUESTS,
                        Topic.PREDICTIONS,
                        Topic.SERVING,
                        Topic.LABELS,
                        Topic.LABEL_EVALUATIONS,
                        Topic.DEAD_LETTERS);
            case FEATURIZER -> EnumSet.of(Topic.SAMPLES, Topic.REQUESTS, Topic.FEATURES);
            case API -> EnumSet.of(Topic.MODEL_VERSIONS, Topic.SERVING, Topic.LABELS);
            case PAGE -> EnumSet.complementOf(EnumSet.of(Topic.PREDICTIONS, Topic.FEATURES, Topic.LABEL_EVALUATIONS));
        };
    }
}
