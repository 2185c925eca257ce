package io.headwater.predictor;

import io.headwater.adapt.ask.Choice;
import io.headwater.adapt.ask.LaneAsks;
import io.headwater.codec.EventTooLargeException;
import io.headwater.codec.EventType;
import io.headwater.config.ask.AsksConfig;
import io.headwater.config.key.KeyText;
import io.headwater.domain.Ask;
import io.headwater.domain.Lane;
import io.headwater.domain.Prediction;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.predictor.Reply.Predicted;
import io.headwater.serving.Answering.Candidate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Chooses the requests of the assigned partitions that people should label. All requests of a lane are on one partition, which one
 * predictor has at a time, so that each lane has a budget of its own that no two predictors spend. What a lane has spent on this
 * day is read from the topic of the asks when its partition is assigned, and after each failure. Used on the predictor's thread only.
 */
final class Asks {
    private static final Logger LOG = Logger.getLogger(Asks.class);
    /** Brokers find records by the times of their producers, whose clocks may differ. */
    private static final Duration CLOCKS = Duration.ofHours(1);

    private final PredictorSetup setup;
    private final AsksConfig config;
    private final Topics topics;
    private final LaneEvents events;
    private final Map<Lane, LaneAsks> lanes = new HashMap<>();

    /** Requests of a batch that were chosen, by lane. */
    private final Map<Lane, Integer> chosen = new TreeMap<>();

    /** A prediction that says whether its request was chosen, and the record of the ask if it was. */
    record Marked(Prediction prediction, Optional<ProducerRecord<byte[], byte[]>> ask) {}

    Asks(PredictorSetup setup, LaneEvents events) {
        this.setup = setup;
        this.config = setup.config().asks();
        this.topics = setup.clients().topics();
        this.events = events;
    }

    /** Begins with partitions of requests: counts what their lanes have spent on this day. */
    void restored(Collection<TopicPartition> partitions) {
        chosen.clear();
        if (config.perDay() == 0 || partitions.isEmpty()) {
            return;
        }
        Instant since = setup.clock().instant().truncatedTo(ChronoUnit.DAYS).minus(CLOCKS);
        try (PartitionReader reader = new PartitionReader(setup.clients())) {
            for (TopicPartition partition : partitions) {
                forget(partition);
                reader.readSince(
                        topics.partition(Topic.ASKS, partition.partition()),
                        since,
                        record -> events.read(EventType.ASK, record).ifPresent(event -> {
                            Ask ask = event.event();
                            if (ask != null && isOurs(ask.lane())) {
                                asksOf(ask.lane()).remember(ask.at().toEpochMilli());
                            }
                        }));
            }
        }
    }

    private boolean isOurs(Lane lane) {
        return lane.adaptation().equals(setup.config().name());
    }

    /** Ends with partitions of requests, which another predictor may have from now on. */
    void released(Collection<TopicPartition> partitions) {
        partitions.forEach(this::forget);
    }

    private void forget(TopicPartition partition) {
        Set<Lane> gone = lanes.keySet().stream()
                .filter(lane -> topics.partitionOf(lane.domain()) == partition.partition())
                .collect(Collectors.toSet());
        gone.forEach(lane -> {
            lanes.remove(lane);
            setup.listener().asksNoLonger(lane);
        });
    }

    private LaneAsks asksOf(Lane lane) {
        return lanes.computeIfAbsent(
                lane, one -> new LaneAsks(config, setup.config().training().seed(), one));
    }

    /** Chooses the request of an answer or not, in the order of the answers. */
    Marked mark(Predicted predicted) {
        Prediction prediction = predicted.prediction();
        Candidate candidate = predicted.candidate();
        Lane lane = new Lane(setup.config().name(), prediction.domain());
        // Domains that the source answers for may be many more than there are lanes.
        boolean isKnown = lanes.containsKey(lane)
                || lanes.size() < setup.config().limits().lanes();
        if (candidate == null || !isKnown) {
            return new Marked(prediction, Optional.empty());
        }
        Choice choice = asksOf(lane)
                .choose(
                        prediction.requestId(),
                        candidate.answered(),
                        prediction.at().toEpochMilli());
        Marked marked = choice.isChosen()
                ? asked(lane, prediction, candidate, choice)
                : new Marked(prediction, Optional.empty());
        chosen.merge(lane, marked.ask().isPresent() ? 1 : 0, Integer::sum);
        return marked;
    }

    private Marked asked(Lane lane, Prediction prediction, Candidate candidate, Choice choice) {
        Ask ask = new Ask(
                lane,
                prediction.requestId(),
                candidate.payload(),
                prediction.version(),
                prediction.answer(),
                choice.score(),
                KeyText.kebab(choice.strategy()),
                choice.probability(),
                prediction.at());
        try {
            byte[] value = setup.codec().encode(EventType.ASK, ask);
            return new Marked(
                    prediction.withAsked(choice.probability()),
                    Optional.of(new ProducerRecord<>(
                            topics.name(Topic.ASKS),
                            topics.partitionOf(lane.domain()),
                            lane.key().getBytes(StandardCharsets.UTF_8),
                            value)));
        } catch (EventTooLargeException e) {
            LOG.warnf("request-not-asked lane=%s id=%s reason=\"%s\"", lane, ask.requestId(), e.getMessage());
            return new Marked(prediction, Optional.empty());
        }
    }

    /** Tells the listener what was chosen since the last call, which is committed. */
    void committed() {
        long now = setup.clock().instant().toEpochMilli();
        chosen.forEach((lane, count) ->
                setup.listener().asked(lane, count, asksOf(lane).left(now)));
        chosen.clear();
    }
}
