package io.headwater.ops;

/** The metrics of the roles that are not bound to another object: their names, and what they mean. */
enum Metric {
    RECORDS("headwater.trainer.records", "Records that the trainer polled: samples and commands"),
    STEPS("headwater.trainer.steps", "Training steps"),
    SAMPLES("headwater.trainer.samples", "Samples that were trained on or added to the guard set"),
    SKIPPED("headwater.trainer.skipped", "Samples of a paused lane, which were scored but not trained on"),
    UNLABELLED("headwater.trainer.unlabelled", "Samples without a label, which were not trained on"),
    LOSS("headwater.trainer.loss", "Mean loss of each step"),
    STEP_TIME("headwater.trainer.step", "Time of training steps, without the base model below the head"),
    COMMIT_TIME("headwater.trainer.commit", "Time from the last sent record of a transaction to its commit"),
    LAG_SAMPLES("headwater.trainer.lag.samples", "Samples that are not part of a committed checkpoint yet"),
    LAG_TIME("headwater.trainer.lag", "Age of the oldest sample that is not part of a committed checkpoint yet"),
    CHECKPOINTS("headwater.trainer.checkpoints", "Committed checkpoints of partitions"),
    CORRECT("headwater.prequential.correct", "Sum of the prequential scores of the champion"),
    VERSIONS("headwater.versions", "Published versions"),
    SERVING("headwater.serving.version", "Number of the version that serves, as decided by this trainer"),
    DRIFTS("headwater.drift.signals", "Signals of changes of the stream of a lane"),
    ROLLBACKS("headwater.rollbacks", "Automatic returns to an earlier version"),
    STALLED("headwater.lane.stalled", "1 if a lane promotes nothing although its newest weights are better"),
    LOSSES("headwater.lane.losses", "Losses of samples that were not read"),
    VETOES("headwater.vetoes", "How often the guard set refused a better contender for long"),
    PREDICTIONS("headwater.predictor.predictions", "Committed predictions"),
    PREDICTOR_VERSION("headwater.predictor.version", "Number of the version that the predictor answers with"),
    API_REQUESTS("headwater.api.requests", "Requests over HTTP that were answered or refused in a batch"),
    API_BATCH("headwater.api.batch", "Time of the batches of requests over HTTP"),
    API_REFUSED("headwater.api.refused", "Requests over HTTP that could not be answered because of their content"),
    API_TURNED_AWAY("headwater.api.turned.away", "Calls over HTTP that were not answered for another reason"),
    API_SHADOWS("headwater.api.shadows", "Answers of challengers that were written"),
    API_SHADOWS_DROPPED("headwater.api.shadows.dropped", "Requests that were chosen for challengers but not answered"),
    LABELS("headwater.labels", "Requests and late labels by what happened to them"),
    LABEL_DELAY("headwater.label.delay", "Time from a request to its first label"),
    ASKS("headwater.predictor.asks", "Requests that were chosen for people to label"),
    ASKS_LEFT("headwater.predictor.asks.left", "Requests that may still be chosen on this day, as of the last request"),
    FEATURIZED("headwater.featurizer.records", "Samples and requests whose features were committed"),
    FEATURIZED_PAYLOADS("headwater.featurizer.payloads", "Payloads of these that have features"),
    FEATURIZER_TOO_LARGE("headwater.featurizer.too.large", "Records whose features are too large for their topic"),
    FEATURIZER_LAG("headwater.featurizer.lag", "Samples and requests that are not featurized yet, at the last commit"),
    FEATURES_REUSED("headwater.featurizer.reused", "Payloads whose features a featurizer computed"),
    FEATURES_MISSING("headwater.featurizer.missing", "Payloads whose features the role had to compute itself"),
    FEATURES_WAIT("headwater.featurizer.wait", "Time for which records that are prepared together waited for features"),
    DEAD_LETTERS("headwater.dead.letters", "Rejected records"),
    FOREIGN("headwater.foreign.records", "Records of other programs on topics of Headwater, which were skipped"),
    RECOVERIES("headwater.recoveries", "Failures after which a role returned to the committed state");

    private final String id;
    private final String description;

    Metric(String id, String description) {
        this.id = id;
        this.description = description;
    }

    /** Returns the name in the registry, which Prometheus shows with underscores and a suffix. */
    String id() {
        return id;
    }

    /** Returns what the metric means, for the line {@code HELP}. */
    String description() {
        return description;
    }
}
