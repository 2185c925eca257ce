package io.headwater.board;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Ask;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Serving;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.LaneEvents.LaneEvent;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What people see of all lanes, from the records of their topics. Its size is bounded: the number of lanes, and what is kept of each,
 * of the requests that people should label, and of the dead letters. Safe for use by several threads.
 */
public final class BoardContent {
    /** Maximum number of lanes; further ones are not shown. */
    static final int LANES = 10_000;

    /** Maximum number of requests to label, the newest ones. */
    static final int ASKS = 2_000;

    static final int LETTERS = 500;
    private static final int LABELLED = 20_000;

    private final Topics topics;
    private final Codec codec;
    private final LaneEvents events;
    private final Map<Lane, LaneTrack> lanes = new TreeMap<>();
    private final Map<AskKey, OpenAsk> asks = new LinkedHashMap<>();
    /** Requests that have a label, the newest ones: their asks may be read after them. */
    private final Map<AskKey, Boolean> labelled = new LinkedHashMap<>();

    private final Deque<DeadLetter> letters = new ArrayDeque<>();
    private long revision;

    /** A label names the domain of its request, but no adaptation. */
    private record AskKey(String domain, String id) {}

    /** Creates an empty one for the records of {@code topics}. */
    BoardContent(Topics topics, Codec codec) {
        this.topics = topics;
        this.codec = codec;
        this.events = new LaneEvents(codec);
    }

    /** Returns a number that rises with every change. */
    public synchronized long revision() {
        return revision;
    }

    /** Returns the lanes, in order of their names. */
    public synchronized List<LaneView> lanes() {
        return lanes.values().stream().map(LaneTrack::view).toList();
    }

    /** Returns the lanes that have changed after a revision, in order of their names. */
    public synchronized List<LaneView> changedSince(long after) {
        return lanes.values().stream()
                .filter(lane -> lane.revision() > after)
                .map(LaneTrack::view)
                .toList();
    }

    /** Returns what is known of a lane; empty when there is none of this name. */
    public synchronized Optional<LaneStory> story(Lane lane) {
        return Optional.ofNullable(lanes.get(lane)).map(LaneTrack::story);
    }

    /** Returns the requests of a lane that people should label, the newest first. */
    public synchronized List<OpenAsk> asks(Lane lane) {
        List<OpenAsk> found = new ArrayList<>(
                asks.values().stream().filter(ask -> ask.lane().equals(lane)).toList());
        Collections.reverse(found);
        return found;
    }

    /** Returns a request of a lane that people should label. */
    public synchronized Optional<OpenAsk> ask(Lane lane, String id) {
        return Optional.ofNullable(asks.get(new AskKey(lane.domain(), id)))
                .filter(ask -> ask.lane().equals(lane));
    }

    /** Returns the newest dead letters, the newest first. */
    public synchronized List<DeadLetter> letters() {
        List<DeadLetter> newest = new ArrayList<>(letters);
        Collections.reverse(newest);
        return newest;
    }

    /**
     * Applies a record. Records of other programs, and those of releases that are not known, are left out.
     *
     * @throws io.headwater.codec.RegistryException when the registry cannot be reached for its schema
     */
    synchronized void apply(ConsumerRecord<byte[], byte[]> record) {
        switch (topic(record.topic())) {
            case SERVING -> read(EventType.SERVING, record, LaneTrack::serving);
            case TRAINER_STATE -> read(EventType.TRAINER_STATE, record, LaneTrack::state);
            case MODEL_VERSIONS ->
                read(EventType.MODEL_VERSION, record, (lane, version) -> {
                    if (version != null) {
                        lane.version(version);
                    }
                });
            case COMMANDS ->
                read(EventType.COMMAND, record, (lane, command) -> {
                    if (command != null) {
                        lane.commanded(command);
                    }
                });
            case EVALUATIONS -> evaluation(record);
            case ASKS -> events.read(EventType.ASK, record).ifPresent(event -> asked(event, record));
            case LABELS -> {
                if (codec.decode(EventType.LATE_LABEL, record.value()) instanceof Outcome.Ok<LateLabel> ok) {
                    labelled(ok.value());
                }
            }
            case DEAD_LETTERS -> letter(record);
            default -> throw new IllegalArgumentException("the board does not read " + record.topic());
        }
    }

    private Topic topic(String name) {
        for (Topic topic : Topic.values()) {
            if (topics.name(topic).equals(name)) {
                return topic;
            }
        }
        throw new IllegalArgumentException("topic '%s' is none of Headwater".formatted(name));
    }

    private <T> void read(
            EventType<T> type, ConsumerRecord<byte[], byte[]> record, BiConsumer<LaneTrack, @Nullable T> change) {
        events.read(type, record).ifPresent(event -> change(event, change));
    }

    private <T> void change(LaneEvent<T> event, BiConsumer<LaneTrack, @Nullable T> change) {
        track(event.lane()).ifPresent(lane -> {
            change.accept(lane, event.event());
            lane.changed(++revision);
        });
    }

    private Optional<LaneTrack> track(Lane lane) {
        LaneTrack known = lanes.get(lane);
        if (known == null && lanes.size() < LANES) {
            known = new LaneTrack(lane);
            lanes.put(lane, known);
            for (DeadLetter letter : letters) {
                if (letter.isOf(lane)) {
                    known.lettered();
                }
            }
        }
        return Optional.ofNullable(known);
    }

    /** The topic has events of several types; others are ignored. */
    private void evaluation(ConsumerRecord<byte[], byte[]> record) {
        Optional<LaneTrack> found = events.lane(record).flatMap(this::track);
        if (found.isEmpty()) {
            return;
        }
        LaneTrack lane = found.get();
        if (codec.decode(EventType.EVALUATION, record.value()) instanceof Outcome.Ok<Evaluation> ok) {
            lane.evaluated(ok.value());
        } else if (codec.decode(EventType.SERVING, record.value()) instanceof Outcome.Ok<Serving> ok) {
            lane.decided(ok.value());
        } else if (codec.decode(EventType.DRIFT_SIGNAL, record.value()) instanceof Outcome.Ok<DriftSignal> ok) {
            lane.drifted(ok.value());
        }
        lane.changed(++revision);
    }

    private void asked(LaneEvent<Ask> event, ConsumerRecord<byte[], byte[]> record) {
        Ask chosen = event.event();
        if (chosen == null) {
            return;
        }
        OpenAsk ask = OpenAsk.of(chosen, record.partition(), record.offset());
        AskKey key = new AskKey(ask.lane().domain(), ask.id());
        if (labelled.containsKey(key) || asks.containsKey(key)) {
            return;
        }
        asks.put(key, ask);
        count(ask, LaneTrack::asked);
        if (asks.size() > ASKS) {
            close(asks.keySet().iterator().next());
        }
    }

    private void labelled(LateLabel label) {
        AskKey key = new AskKey(label.domain(), label.id());
        close(key);
        labelled.put(key, true);
        if (labelled.size() > LABELLED) {
            labelled.remove(labelled.keySet().iterator().next());
        }
    }

    private void close(AskKey key) {
        OpenAsk closed = asks.remove(key);
        if (closed != null) {
            count(closed, LaneTrack::answered);
        }
    }

    private void count(OpenAsk ask, Consumer<LaneTrack> change) {
        track(ask.lane()).ifPresent(lane -> {
            change.accept(lane);
            lane.changed(++revision);
        });
    }

    private void letter(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = DeadLetter.of(record);
        if (letter == null) {
            return;
        }
        letters.addLast(letter);
        if (letters.size() > LETTERS) {
            letters.removeFirst();
        }
        revision++;
        if (Lane.isDomain(letter.domain()) && Lane.isAdaptation(letter.adaptation())) {
            // A letter alone makes no lane: its domain may be anything that a stranger sent. It counts once another
            // record makes one.
            LaneTrack lane = lanes.get(new Lane(letter.adaptation(), letter.domain()));
            if (lane != null) {
                lane.lettered();
                lane.changed(revision);
            }
        }
    }
}
