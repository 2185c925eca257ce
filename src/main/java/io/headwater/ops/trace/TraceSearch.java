package io.headwater.ops.trace;

import io.headwater.board.DeadLetter;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.ServedVersion;
import io.headwater.domain.Serving;
import io.headwater.kafka.Clients;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.ops.LaneLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Searches the topics for what happened to a request. Records are not indexed by ids, so that all since a time are read; those that
 * do not contain the id are not decoded.
 */
public final class TraceSearch {
    /** The most domains in which requests with the id are told. */
    static final int MOST_DOMAINS = 20;

    private final Clients clients;
    private final Codec codec;
    private final String id;
    private final byte[] idBytes;
    private final @Nullable String only;
    private final Map<String, Findings> byDomain = new TreeMap<>();
    private long records;
    private boolean moreDomains;

    private TraceSearch(Clients clients, Codec codec, String id, @Nullable String only) {
        this.clients = clients;
        this.codec = codec;
        this.id = id;
        this.idBytes = id.getBytes(StandardCharsets.UTF_8);
        this.only = only;
    }

    /**
     * What was found.
     *
     * @param id the id of the request
     * @param since the time from which on records were read
     * @param records the number of records that were read
     * @param requests the ways of the requests with this id, by domain
     * @param moreDomains whether there are requests with this id in further domains
     */
    public record Trace(String id, Instant since, long records, List<RequestTrace> requests, boolean moreDomains) {}

    /**
     * Searches for a request.
     *
     * @param id its id
     * @param domain its domain; null for all domains, on all partitions
     * @param since the time from which on records are read
     */
    public static Trace of(Clients clients, Codec codec, String id, @Nullable String domain, Instant since) {
        return new TraceSearch(clients, codec, id, domain).search(since);
    }

    private Trace search(Instant since) {
        String topicId;
        try (PartitionReader reader = new PartitionReader(clients)) {
            read(reader, Topic.REQUESTS, since, EventType.REQUEST, this::request);
            read(reader, Topic.PREDICTIONS, since, EventType.PREDICTION, this::prediction);
            read(reader, Topic.LABELS, since, EventType.LATE_LABEL, this::label);
            read(reader, Topic.SAMPLES, since, EventType.SAMPLE, this::sample);
            for (int partition = 0; partition < topics().partitions(); partition++) {
                reader.readSince(topics().partition(Topic.DEAD_LETTERS, partition), since, this::letter);
            }
            topicId = reader.topicId(topics().name(Topic.SAMPLES));
        }
        if (byDomain.isEmpty()) {
            return new Trace(id, since, records, List.of(), moreDomains);
        }
        LaneLog log = new LaneLog(clients, codec);
        Map<Lane, List<Serving>> decisions = log.decisions(this::isFound);
        SampleFates fates = new SampleFates(log.versions(this::isFound), decisions, topicId);
        List<RequestTrace> traces = new ArrayList<>();
        byDomain.forEach((domain, findings) -> traces.add(findings.trace(domain, fates, served(decisions, domain))));
        return new Trace(id, since, records, traces, moreDomains);
    }

    private boolean isFound(Lane lane) {
        return byDomain.containsKey(lane.domain());
    }

    private static Function<Instant, List<ServedVersion>> served(Map<Lane, List<Serving>> decisions, String domain) {
        return time -> decisions.entrySet().stream()
                .filter(lane -> lane.getKey().domain().equals(domain))
                .map(lane -> ServedVersion.at(lane.getKey(), time, lane.getValue()))
                .toList();
    }

    private Topics topics() {
        return clients.topics();
    }

    private <T> void read(
            PartitionReader reader,
            Topic topic,
            Instant since,
            EventType<T> type,
            BiConsumer<ConsumerRecord<byte[], byte[]>, T> found) {
        partitions(topic)
                .forEach(partition -> reader.readSince(topics().partition(topic, partition), since, record -> {
                    records++;
                    if (mentions(record) && codec.decode(type, record.value()) instanceof Outcome.Ok<T> ok) {
                        found.accept(record, ok.value());
                    }
                }));
    }

    /** Labels are on the partitions of their ids, or on any that their producer chose. */
    private IntStream partitions(Topic topic) {
        String domain = only;
        return domain == null || topic == Topic.LABELS
                ? IntStream.range(0, topics().partitions())
                : IntStream.of(topics().partitionOf(domain));
    }

    /** Returns whether a record may contain the id. In both encodings, texts are in UTF-8. */
    private boolean mentions(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return false;
        }
        for (int from = 0; from <= value.length - idBytes.length; from++) {
            int same = 0;
            while (same < idBytes.length && value[from + same] == idBytes[same]) {
                same++;
            }
            if (same == idBytes.length) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Findings findings(String domain, String recordId) {
        if (!recordId.equals(id) || (only != null && !only.equals(domain))) {
            return null;
        }
        if (!byDomain.containsKey(domain) && byDomain.size() >= MOST_DOMAINS) {
            moreDomains = true;
            return null;
        }
        return byDomain.computeIfAbsent(domain, one -> new Findings());
    }

    private void request(ConsumerRecord<byte[], byte[]> record, Request request) {
        Findings findings = findings(RecordKeys.text(record.key()), request.id());
        if (findings != null) {
            findings.request(record, request);
        }
    }

    private void prediction(ConsumerRecord<byte[], byte[]> record, Prediction prediction) {
        Findings findings = findings(prediction.domain(), prediction.requestId());
        if (findings != null) {
            findings.prediction(record, prediction);
        }
    }

    private void label(ConsumerRecord<byte[], byte[]> record, LateLabel label) {
        Findings findings = findings(label.domain(), label.id());
        if (findings != null) {
            findings.label(record, label);
        }
    }

    private void sample(ConsumerRecord<byte[], byte[]> record, Sample sample) {
        Findings findings = findings(RecordKeys.text(record.key()), sample.id());
        if (findings != null) {
            findings.sample(record, sample);
        }
    }

    private void letter(ConsumerRecord<byte[], byte[]> record) {
        records++;
        DeadLetter letter = mentions(record) ? DeadLetter.of(record) : null;
        if (letter == null) {
            return;
        }
        Findings findings = null;
        if (letter.topic().equals(topics().name(Topic.REQUESTS))) {
            findings = of(EventType.REQUEST, record, request -> findings(letter.domain(), request.id()));
        } else if (letter.topic().equals(topics().name(Topic.SAMPLES))) {
            findings = of(EventType.SAMPLE, record, sample -> findings(letter.domain(), sample.id()));
        } else if (letter.topic().equals(topics().name(Topic.LABELS))) {
            findings = of(EventType.LATE_LABEL, record, label -> findings(label.domain(), label.id()));
        }
        if (findings != null) {
            findings.letter(letter);
        }
    }

    private <T> @Nullable Findings of(
            EventType<T> type, ConsumerRecord<byte[], byte[]> record, Function<T, @Nullable Findings> findings) {
        return codec.decode(type, record.value()) instanceof Outcome.Ok<T> ok ? findings.apply(ok.value()) : null;
    }
}
