package io.headwater.codec;

import io.headwater.domain.Ask;
import io.headwater.domain.Command;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateLabel;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Describes one event type: its domain class, its Avro record and the mapping between them. A new event type needs a
 * schema in {@code schemas}, a mapping between its record and its domain class, and a constant in this class, which
 * must be added to {@link #ALL}.
 *
 * @param <T> domain class
 */
public final class EventType<T> {

    /** Labelled samples. */
    public static final EventType<Sample> SAMPLE = input(
            "samples", Sample.class, io.headwater.events.Sample.class, SampleMapping::toAvro, SampleMapping::fromAvro);

    /** Requests for predictions. */
    public static final EventType<Request> REQUEST = input(
            "requests",
            Request.class,
            io.headwater.events.Request.class,
            SampleMapping::toAvro,
            SampleMapping::fromAvro);

    /** Labels of requests that became known after the prediction. */
    public static final EventType<LateLabel> LATE_LABEL = input(
            "labels",
            LateLabel.class,
            io.headwater.events.LateLabel.class,
            LateLabelMapping::toAvro,
            LateLabelMapping::fromAvro);

    /** Commands of people. */
    public static final EventType<Command> COMMAND = input(
            "commands",
            Command.class,
            io.headwater.events.Command.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** Predictions. */
    public static final EventType<Prediction> PREDICTION = output(
            "predictions",
            Prediction.class,
            io.headwater.events.Prediction.class,
            SampleMapping::toAvro,
            SampleMapping::fromAvro);

    /** Requests that are worth a label. */
    public static final EventType<Ask> ASK =
            output("asks", Ask.class, io.headwater.events.Ask.class, SampleMapping::toAvro, SampleMapping::fromAvro);

    /** Features of samples and requests. */
    public static final EventType<FeaturizedRecord> FEATURES = output(
            "features",
            FeaturizedRecord.class,
            io.headwater.events.FeaturizedRecord.class,
            FeaturesMapping::toAvro,
            FeaturesMapping::fromAvro);

    /** Versions with their lineage. */
    public static final EventType<ModelVersion> MODEL_VERSION = output(
            "model-versions",
            ModelVersion.class,
            io.headwater.events.ModelVersion.class,
            VersionMapping::toAvro,
            VersionMapping::fromAvro);

    /** Promotions and rollbacks, which decide which version serves a lane. */
    public static final EventType<Serving> SERVING = output(
            "serving",
            Serving.class,
            io.headwater.events.Serving.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** The newest checkpoints of lanes. */
    public static final EventType<TrainerState> TRAINER_STATE = output(
            "trainer-state",
            TrainerState.class,
            io.headwater.events.TrainerState.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** Prequential evaluations and verdicts. */
    public static final EventType<Evaluation> EVALUATION = output(
            "evaluations",
            Evaluation.class,
            io.headwater.events.Evaluation.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** Detected changes in the streams of lanes, in the topic of the evaluations. */
    public static final EventType<DriftSignal> DRIFT_SIGNAL = output(
            "evaluations",
            DriftSignal.class,
            io.headwater.events.DriftSignal.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** Evaluations of answers by their late labels. */
    public static final EventType<LateEvaluation> LATE_EVALUATION = output(
            "label-evaluations",
            LateEvaluation.class,
            io.headwater.events.LateEvaluation.class,
            LateLabelMapping::toAvro,
            LateLabelMapping::fromAvro);

    /** All event types. */
    public static final List<EventType<?>> ALL = List.of(
            SAMPLE,
            REQUEST,
            LATE_LABEL,
            COMMAND,
            PREDICTION,
            ASK,
            FEATURES,
            MODEL_VERSION,
            SERVING,
            TRAINER_STATE,
            EVALUATION,
            DRIFT_SIGNAL,
            LATE_EVALUATION);

    private final String name;
    private final Class<T> type;
    private final boolean input;
    private final Schema schema;
    private final Function<T, ? extends SpecificRecord> toAvro;
    private final Function<SpecificRecord, T> fromAvro;

    private EventType(
            String name,
            Class<T> type,
            boolean input,
            Schema schema,
            Function<T, ? extends SpecificRecord> toAvro,
            Function<SpecificRecord, T> fromAvro) {
        this.name = name;
        this.type = type;
        this.input = input;
        this.schema = schema;
        this.toAvro = toAvro;
        this.fromAvro = fromAvro;
    }

    private static <T, A extends SpecificRecord> EventType<T> input(
            String name, Class<T> type, Class<A> avro, Function<T, A> toAvro, Function<A, T> fromAvro) {
        return of(name, type, true, avro, toAvro, fromAvro);
    }

    private static <T, A extends SpecificRecord> EventType<T> output(
            String name, Class<T> type, Class<A> avro, Function<T, A> toAvro, Function<A, T> fromAvro) {
        return of(name, type, false, avro, toAvro, fromAvro);
    }

    private static <T, A extends SpecificRecord> EventType<T> of(
            String name, Class<T> type, boolean input, Class<A> avro, Function<T, A> toAvro, Function<A, T> fromAvro) {
        return new EventType<>(
                name, type, input, EventFormat.schemaOf(avro), toAvro, event -> fromAvro.apply(avro.cast(event)));
    }

    /** Returns the name of its topic, without the prefix of topics. */
    public String name() {
        return name;
    }

    /** Returns the domain class. */
    public Class<T> type() {
        return type;
    }

    /** Returns whether other programs write events of this type, so that their bytes cannot be trusted. */
    public boolean isInput() {
        return input;
    }

    /** Returns the schema with which events are written. */
    public Schema schema() {
        return schema;
    }

    SpecificRecord toAvro(T event) {
        return toAvro.apply(event);
    }

    /**
     * Converts {@code event}, a record with {@link #schema}, to an event.
     *
     * @throws RejectionException when it violates a rule
     * @throws IllegalArgumentException when it violates a rule of the domain model
     */
    T fromAvro(SpecificRecord event) {
        return fromAvro.apply(event);
    }

    @Override
    public String toString() {
        return name;
    }
}
