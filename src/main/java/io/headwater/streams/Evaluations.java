package io.headwater.streams;

import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.Prediction;
import io.headwater.domain.VersionRef;
import io.headwater.streams.DueTimes.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Evaluations of the lanes of a partition: one for each version and period of requests, and a faded one for each version. One is
 * published when its period is over, and again when it was amended since, at most ten times in the length of a period. It is kept
 * until none of its requests can get a label any more.
 */
final class Evaluations {
    /** A request that is so many half-lives old weighs less than a millionth. */
    private static final int FADED_HALVES = 20;

    private static final int TIMES_A_PERIOD = 10;

    private final StreamsSetup setup;
    private final KeyValueStore<Bytes, byte[]> store;
    private final DueTimes due;
    private final JoinOutput output;
    private final LongSupplier streamTime;
    private final long window;
    private final long wait;

    /**
     * Creates evaluations.
     *
     * @param streamTime the time that the stream has reached, in milliseconds since the epoch
     */
    Evaluations(
            StreamsSetup setup,
            KeyValueStore<Bytes, byte[]> store,
            DueTimes due,
            JoinOutput output,
            LongSupplier streamTime) {
        this.setup = setup;
        this.store = store;
        this.due = due;
        this.output = output;
        this.streamTime = streamTime;
        this.window = setup.settings().window().toMillis();
        this.wait = setup.settings().patience().toMillis();
    }

    /**
     * An answered request of a lane, by its time and the version that answered.
     *
     * @param isShadow whether that was a challenger, whose answers are evaluated apart from those that it gives when it serves
     */
    record Answered(Lane lane, VersionRef version, long time, boolean isShadow) {
        static Answered of(String adaptation, Prediction prediction, OpenRequest opened) {
            return new Answered(
                    new Lane(adaptation, prediction.domain()),
                    prediction.version(),
                    opened.time(),
                    prediction.shadow());
        }
    }

    /** Counts an answer by the score that it expects of itself, if labels are asked for and it says so. */
    void answered(Answered request, double expectedScore) {
        if (setup.asks() && !Double.isNaN(expectedScore)) {
            change(request, tally -> tally.answer(request.time(), expectedScore));
        }
    }

    /** Counts the first label of a request, which came {@code delay} after it. */
    void joined(Answered request, Scored scored, Duration delay) {
        change(request, tally -> tally.add(request.time(), scored, delay));
    }

    /** Counts a request with another label than before. */
    void corrected(Answered request, Scored before, Scored after) {
        change(request, tally -> tally.amend(request.time(), before, after));
    }

    /** Counts a request whose label did not come in time. */
    void expired(Answered request) {
        change(request, tally -> tally.expire(request.time()));
    }

    private void change(Answered request, Consumer<Tally> change) {
        long from = request.time() - Math.floorMod(request.time(), window);
        change(
                key(request, Long.toString(from)),
                change,
                Tally.ofPeriod(request.lane(), request.version(), request.isShadow(), from, from + window));
        change(
                key(request, "faded"),
                change,
                Tally.faded(request.lane(), request.version(), request.isShadow(), request.time(), window));
    }

    private void change(Bytes key, Consumer<Tally> change, Tally fresh) {
        byte[] stored = store.get(key);
        Tally tally = stored == null ? fresh : Tally.decode(stored);
        if (stored == null) {
            due.schedule(end(tally), Kind.PERIOD, key);
        }
        change.accept(tally);
        if (!tally.isPending()) {
            tally.pending(true);
            due.schedule(Math.max(tally.to(), streamTime.getAsLong() + window / TIMES_A_PERIOD), Kind.EVALUATION, key);
        }
        store.put(key, tally.encode());
    }

    private long end(Tally tally) {
        return tally.to() + wait + FADED_HALVES * window;
    }

    private static Bytes key(Answered request, String period) {
        VersionRef version = request.version();
        String key = String.join(
                "\0",
                request.lane().domain(),
                version.lane().domain(),
                Long.toString(version.number()),
                version.artifact().hex(),
                request.isShadow() ? period + "\0shadow" : period);
        return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Publishes an evaluation that was changed. */
    void publish(Bytes key) {
        byte[] stored = store.get(key);
        if (stored != null) {
            Tally tally = Tally.decode(stored);
            publish(tally);
            tally.pending(false);
            store.put(key, tally.encode());
        }
    }

    /** Publishes an evaluation if it was changed, and forgets it, unless it has requests for whose labels there is time. */
    void end(Bytes key, long time) {
        byte[] stored = store.get(key);
        if (stored == null) {
            return;
        }
        Tally tally = Tally.decode(stored);
        if (end(tally) > time) {
            due.schedule(end(tally), Kind.PERIOD, key);
            return;
        }
        if (tally.isPending()) {
            publish(tally);
        }
        store.delete(key);
    }

    private void publish(Tally tally) {
        output.evaluation(
                tally.lane(),
                setup.codec()
                        .encode(
                                EventType.LATE_EVALUATION,
                                tally.evaluation(setup.goal().scoreName(), streamTime.getAsLong())));
    }
}
