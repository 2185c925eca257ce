package io.headwater.streams;

import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.streams.DueTimes.Due;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Gives the {@link LabelJoin} of a partition the records of its topics, and what is due. */
final class JoinProcessor implements Processor<RoutedKey, byte[], RoutedKey, byte[]> {
    /** How often it is looked for what is due, by the clock of the process. */
    static final Duration TURN = Duration.ofSeconds(1);

    /** What is done in a turn; more waits for the next one, so that a backlog does not keep the thread from its group. */
    private static final int MOST_DUE = 10_000;

    private final StreamsSetup setup;
    private final BooleanSupplier isForUnnamed;
    private final LongSupplier labelsUntil;
    private final String requestsTopic;
    private final String predictionsTopic;
    private final String labelsTopic;
    private final SettledTime settled;
    private @Nullable Opened opened;

    /** What there is from the start of a task on. */
    private record Opened(ProcessorContext<RoutedKey, byte[]> context, DueTimes due, LabelJoin join) {}

    /**
     * Creates a processor.
     *
     * @param isForUnnamed whether this adaptation takes what is for no adaptation in particular
     * @param labelsUntil the time up to which all labels have been moved, in milliseconds since the epoch
     */
    JoinProcessor(StreamsSetup setup, BooleanSupplier isForUnnamed, LongSupplier labelsUntil) {
        this.setup = setup;
        this.isForUnnamed = isForUnnamed;
        this.labelsUntil = labelsUntil;
        this.settled = new SettledTime(setup.settings().settling());
        Topics topics = setup.clients().topics();
        this.requestsTopic = topics.name(Topic.REQUESTS);
        this.predictionsTopic = topics.name(Topic.PREDICTIONS);
        this.labelsTopic = topics.name(Topic.LABELS);
    }

    @Override
    public void init(ProcessorContext<RoutedKey, byte[]> context) {
        DueTimes due = new DueTimes(store(context, JoinTopology.DUE));
        JoinOutput output = new JoinOutput(setup, context, JoinTopology.DEAD_LETTERS);
        Evaluations evaluations = new Evaluations(
                setup, store(context, JoinTopology.RUNNING_EVALUATIONS), due, output, context::currentStreamTimeMs);
        KnownRequests known =
                new KnownRequests(store(context, JoinTopology.OPEN_REQUESTS), store(context, JoinTopology.ANSWERS));
        WaitingLabels waiting = new WaitingLabels(
                setup,
                new EarlyLabels(store(context, JoinTopology.EARLY_LABELS), labelsTopic),
                due,
                output,
                isForUnnamed);
        LabelJoin join = new LabelJoin(setup, known, waiting, due, evaluations, output);
        opened = new Opened(context, due, join);
        context.schedule(TURN, PunctuationType.WALL_CLOCK_TIME, time -> turn());
    }

    private static KeyValueStore<Bytes, byte[]> store(ProcessorContext<RoutedKey, byte[]> context, String name) {
        return context.getStateStore(name);
    }

    @Override
    public void process(Record<RoutedKey, byte[]> record) {
        Opened task = Objects.requireNonNull(opened);
        ConsumerRecord<byte[], byte[]> received =
                LabelRecord.of(record, task.context().recordMetadata().orElseThrow());
        if (received.topic().equals(requestsTopic)) {
            task.join().request(received);
        } else if (received.topic().equals(predictionsTopic)) {
            task.join().prediction(received);
        } else {
            task.join().label(LabelRecord.decode(labelsTopic, received.value()));
        }
    }

    private void turn() {
        Opened task = Objects.requireNonNull(opened);
        ProcessorContext<RoutedKey, byte[]> context = task.context();
        long reached = Math.min(context.currentStreamTimeMs(), labelsUntil.getAsLong());
        long until = settled.at(context.currentSystemTimeMs(), reached);
        if (until != SettledTime.NONE) {
            List<Due> due = task.due().take(until, MOST_DUE);
            due.forEach(task.join()::due);
        }
    }
}
