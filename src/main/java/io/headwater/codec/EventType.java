package io.headwater.codec;

import io.headwater.domain.Command;
import io.headwater.domain.Evaluation;
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
 * Describes one type of event: what it is in the domain, which Avro record it is on the wire and how one becomes the
 * other. A new type of event is a schema in {@code schemas}, a mapping between its record and its domain class, and one
 * constant here, which {@link #ALL} lists too.
 *
 * @param <T> the domain class
 */
public final class EventType<T> {

    /** Labelled samples. */
    public static final EventType<Sample> SAMPLE = input(
            "samples", Sample.class, io.headwater.events.Sample.class, SampleMapping::toAvro, SampleMapping::fromAvro);

    /** Unlabelled samples that want an answer. */
    public static final EventType<Request> REQUEST = input(
            "requests",
            Request.class,
            io.headwater.events.Request.class,
            SampleMapping::toAvro,
            SampleMapping::fromAvro);

    /** What people want of a lane. */
    public static final EventType<Command> COMMAND = input(
            "commands",
            Command.class,
            io.headwater.events.Command.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** Answers to requests. */
    public static final EventType<Prediction> PREDICTION = output(
            "predictions",
            Prediction.class,
            io.headwater.events.Prediction.class,
            SampleMapping::toAvro,
            SampleMapping::fromAvro);

    /** Versions with their lineage. */
    public static final EventType<ModelVersion> MODEL_VERSION = output(
            "model-versions",
            ModelVersion.class,
            io.headwater.events.ModelVersion.class,
            VersionMapping::toAvro,
            VersionMapping::fromAvro);

    /** Which version serves a lane. */
    public static final EventType<Serving> SERVING = output(
            "serving",
            Serving.class,
            io.headwater.events.Serving.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** The newest checkpoint of a lane. */
    public static final EventType<TrainerState> TRAINER_STATE = output(
            "trainer-state",
            TrainerState.class,
            io.headwater.events.TrainerState.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** Prequential windows and verdicts. */
    public static final EventType<Evaluation> EVALUATION = output(
            "evaluations",
            Evaluation.class,
            io.headwater.events.Evaluation.class,
            LaneEventMapping::toAvro,
            LaneEventMapping::fromAvro);

    /** Every type of event. */
    public static final List<EventType<?>> ALL =
            List.of(SAMPLE, REQUEST, COMMAND, PREDICTION, MODEL_VERSION, SERVING, TRAINER_STATE, EVALUATION);

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

    /** The topic that carries it, without the prefix of topics. */
    public String name() {
        return name;
    }

    /** Its class in the domain. */
    public Class<T> type() {
        return type;
    }

    /** Whether others than Headwater write it, so that nothing may be taken for granted about its bytes. */
    public boolean isInput() {
        return input;
    }

    /** The schema that it is written with. */
    public Schema schema() {
        return schema;
    }

    SpecificRecord toAvro(T event) {
        return toAvro.apply(event);
    }

    /**
     * The event that {@code event}, a record of {@link #schema}, stands for.
     *
     * @throws RejectionException when it breaks a rule
     * @throws IllegalArgumentException when it breaks a rule of the domain
     */
    T fromAvro(SpecificRecord event) {
        return fromAvro.apply(event);
    }

    @Override
    public String toString() {
        return name;
    }
}
