package io.headwater.codec;

import io.headwater.domain.Command;
import io.headwater.domain.Evaluation;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Events as record values and back. Both framings are read: Avro's single-object encoding, with the current schemas and
 * those of every release, and a registry's. Written is the registry's when there is a registry, else single objects.
 * Times lose what is finer than a microsecond. Equal events are equal bytes. Safe for use by several threads.
 *
 * <p>Samples, requests and commands come from outside: whatever is wrong with them becomes a rejection, never an
 * exception, and costs no more memory than a small multiple of their size. The other events are written by Headwater
 * alone; one that cannot be read throws {@link CodecException}. An unreachable registry throws
 * {@link RegistryException} everywhere, for it says nothing about the record.
 */
public final class Codec {

    private static final int MAX_MESSAGE = 1000;

    private final int maxBytes;
    private final EventFormat<io.headwater.events.Sample> samples;
    private final EventFormat<io.headwater.events.Request> requests;
    private final EventFormat<io.headwater.events.Command> commands;
    private final EventFormat<io.headwater.events.Prediction> predictions;
    private final EventFormat<io.headwater.events.ModelVersion> modelVersions;
    private final EventFormat<io.headwater.events.Serving> servings;
    private final EventFormat<io.headwater.events.TrainerState> trainerStates;
    private final EventFormat<io.headwater.events.Evaluation> evaluations;

    /**
     * Without a registry.
     *
     * @param maxBytes longest value of a sample, request or command, at least 1
     */
    public Codec(int maxBytes) {
        this(maxBytes, null);
    }

    /**
     * With a registry, or without when it is null.
     *
     * @param maxBytes longest value of a sample, request or command, at least 1
     * @param registry where numbered schemas are found and those of written events are registered
     */
    public Codec(int maxBytes, @Nullable SchemaRegistry registry) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("longest value must be at least 1 byte, but is " + maxBytes);
        }
        this.maxBytes = maxBytes;
        samples = new EventFormat<>(io.headwater.events.Sample.class, registry);
        requests = new EventFormat<>(io.headwater.events.Request.class, registry);
        commands = new EventFormat<>(io.headwater.events.Command.class, registry);
        predictions = new EventFormat<>(io.headwater.events.Prediction.class, registry);
        modelVersions = new EventFormat<>(io.headwater.events.ModelVersion.class, registry);
        servings = new EventFormat<>(io.headwater.events.Serving.class, registry);
        trainerStates = new EventFormat<>(io.headwater.events.TrainerState.class, registry);
        evaluations = new EventFormat<>(io.headwater.events.Evaluation.class, registry);
    }

    /** A value of {@code samples}. */
    public byte[] encode(Sample sample) {
        return samples.encode(Samples.write(sample));
    }

    /** A value of {@code requests}. */
    public byte[] encode(Request request) {
        return requests.encode(Samples.write(request));
    }

    /** A value of {@code commands}. */
    public byte[] encode(Command command) {
        return commands.encode(Decisions.write(command));
    }

    /** A value of {@code predictions}. */
    public byte[] encode(Prediction prediction) {
        return predictions.encode(Samples.write(prediction));
    }

    /** A value of {@code model-versions}. */
    public byte[] encode(ModelVersion version) {
        return modelVersions.encode(Versions.write(version));
    }

    /** A value of {@code serving}. */
    public byte[] encode(Serving serving) {
        return servings.encode(Decisions.write(serving));
    }

    /** A value of {@code trainer-state}. */
    public byte[] encode(TrainerState state) {
        return trainerStates.encode(Decisions.write(state));
    }

    /** A value of {@code evaluations}. */
    public byte[] encode(Evaluation evaluation) {
        return evaluations.encode(Decisions.write(evaluation));
    }

    /** Reads a value of {@code samples}. */
    public Outcome<Sample> sample(byte @Nullable [] value) {
        return untrusted(samples, value, Samples::read);
    }

    /** Reads a value of {@code requests}. */
    public Outcome<Request> request(byte @Nullable [] value) {
        return untrusted(requests, value, Samples::read);
    }

    /** Reads a value of {@code commands}. */
    public Outcome<Command> command(byte @Nullable [] value) {
        return untrusted(commands, value, Decisions::read);
    }

    /**
     * Reads a value of {@code predictions}.
     *
     * @throws CodecException when it is none
     */
    public Prediction prediction(byte @Nullable [] value) {
        return trusted("predictions", predictions, value, Samples::read);
    }

    /**
     * Reads a value of {@code model-versions}.
     *
     * @throws CodecException when it is none
     */
    public ModelVersion modelVersion(byte @Nullable [] value) {
        return trusted("model-versions", modelVersions, value, Versions::read);
    }

    /**
     * Reads a value of {@code serving}.
     *
     * @throws CodecException when it is none
     */
    public Serving serving(byte @Nullable [] value) {
        return trusted("serving", servings, value, Decisions::read);
    }

    /**
     * Reads a value of {@code trainer-state}.
     *
     * @throws CodecException when it is none
     */
    public TrainerState trainerState(byte @Nullable [] value) {
        return trusted("trainer-state", trainerStates, value, Decisions::read);
    }

    /**
     * Reads a value of {@code evaluations}.
     *
     * @throws CodecException when it is none
     */
    public Evaluation evaluation(byte @Nullable [] value) {
        return trusted("evaluations", evaluations, value, Decisions::read);
    }

    private <A extends SpecificRecord, D> Outcome<D> untrusted(
            EventFormat<A> format, byte @Nullable [] value, Function<A, D> translation) {
        if (value != null && value.length > maxBytes) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "value must have at most " + maxBytes + " bytes, but has " + value.length
                            + "; send less, or raise the limit");
        }
        return decode(format, value, translation);
    }

    private static <A extends SpecificRecord, D> D trusted(
            String topic, EventFormat<A> format, byte @Nullable [] value, Function<A, D> translation) {
        Outcome<D> outcome = decode(format, value, translation);
        if (outcome instanceof Outcome.Rejected<D> rejected) {
            throw new CodecException("a record of the topic " + topic + " cannot be read: "
                    + rejected.rejection().reason() + ", "
                    + rejected.rejection().message());
        }
        return ((Outcome.Ok<D>) outcome).value();
    }

    private static <A extends SpecificRecord, D> Outcome<D> decode(
            EventFormat<A> format, byte @Nullable [] value, Function<A, D> translation) {
        if (value == null) {
            return Outcome.rejected(Reason.TOMBSTONE, "record must have a value, but has none; send one");
        }
        try {
            return Outcome.ok(translation.apply(format.decode(value)));
        } catch (Refusal e) {
            return rejected(e.reason(), e);
        } catch (IllegalArgumentException e) {
            // The domain's own rules, such as what can name a lane.
            return rejected(Reason.MALFORMED, e);
        }
    }

    private static <D> Outcome<D> rejected(Reason reason, RuntimeException fault) {
        return Outcome.rejected(reason, Abbreviation.of(String.valueOf(fault.getMessage()), MAX_MESSAGE));
    }
}
