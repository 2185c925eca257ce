package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LearnedSamples;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Sample;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads what commands refer to: samples that a lane has learned from, and versions. */
final class SampleLog {
    private final Topics topics;
    private final Codec codec;
    private final LaneEvents events;
    private final PartitionReader log;
    private final SampleReader samples;

    SampleLog(Topics topics, Codec codec, LaneEvents events, PartitionReader log, SampleReader samples) {
        this.topics = topics;
        this.codec = codec;
        this.events = events;
        this.log = log;
        this.samples = samples;
    }

    /**
     * Returns the example of the sample at {@code offset}; refused when there is no sample of the lane with this id, or
     * when it is invalid.
     */
    Outcome<Example> example(Lane lane, int partition, String sampleId, long offset) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        readAt(partition, offset, record -> {
            if (record.offset() == offset
                    && RecordKeys.text(record.key()).equals(lane.domain())
                    && codec.decode(EventType.SAMPLE, record.value()) instanceof Outcome.Ok<Sample> ok
                    && ok.value().id().equals(sampleId)) {
                found.add(record);
            }
        });
        return found.isEmpty()
                ? Outcome.rejected(
                        Reason.REFUSED,
                        "lane '%s' has no sample '%s' at offset %d of partition %d; 'headwater forget' finds the offsets of a sample that is still on the topic"
                                .formatted(lane, sampleId, offset, partition))
                : samples.prepare(found).get(0).example();
    }

    /** Reads the record at {@code offset}, unless there is none yet: a record that has not come would be waited for. */
    private void readAt(int partition, long offset, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        TopicPartition samplesPartition = topics.partition(Topic.SAMPLES, partition);
        if (offset < log.endOf(samplesPartition)) {
            log.readOneByOne(samplesPartition, offset, offset + 1, List.of(), sink);
        }
    }

    /**
     * Returns the examples of the samples of a class at some offsets, in this order; refused when there is no such sample of the
     * lane at one of them, or when it is invalid.
     */
    Outcome<List<Example>> examples(Lane lane, int partition, String label, List<Long> offsets) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        for (long offset : offsets) {
            int before = found.size();
            readAt(partition, offset, record -> {
                if (record.offset() == offset
                        && RecordKeys.text(record.key()).equals(lane.domain())
                        && codec.decode(EventType.SAMPLE, record.value()) instanceof Outcome.Ok<Sample> ok
                        && ok.value().label() instanceof ClassLabel own
                        && own.name().equals(label)) {
                    found.add(record);
                }
            });
            if (found.size() == before) {
                return Outcome.rejected(
                        Reason.REFUSED,
                        "lane '%s' has no sample of class '%s' at offset %d of partition %d; 'headwater labels remove' finds those that are still on the topic"
                                .formatted(lane, label, offset, partition));
            }
        }
        List<Example> examples = new ArrayList<>();
        for (Prepared prepared : samples.prepare(found)) {
            if (prepared.example() instanceof Outcome.Ok<Example> ok) {
                examples.add(ok.value());
            } else if (prepared.example() instanceof Outcome.Rejected<Example> rejected) {
                return new Outcome.Rejected<>(rejected.rejection());
            }
        }
        return Outcome.ok(examples);
    }

    /**
     * Returns the samples that the version {@code version} contains; those of no version when it is null.
     *
     * @param unpublished versions of the lane that are not committed yet
     */
    LearnedSamples learned(Lane lane, int partition, @Nullable VersionRef version, List<ModelVersion> unpublished) {
        List<ModelVersion> versions = new ArrayList<>(versions(lane, partition));
        versions.addAll(unpublished);
        return LearnedSamples.of(version, versions, log.topicId(topics.name(Topic.SAMPLES)));
    }

    /** Returns the committed versions of all lanes of all adaptations. */
    List<ModelVersion> versions() {
        List<ModelVersion> versions = new ArrayList<>();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            versions.addAll(versions(partition, lane -> true));
        }
        return versions;
    }

    /** Returns the committed versions of {@code lane}, in the order of their publication. */
    List<ModelVersion> versions(Lane lane, int partition) {
        return versions(partition, lane::equals);
    }

    private List<ModelVersion> versions(int partition, Predicate<Lane> wanted) {
        List<ModelVersion> versions = new ArrayList<>();
        log.readAll(
                topics.partition(Topic.MODEL_VERSIONS, partition),
                record -> events.lane(record)
                        .filter(wanted)
                        .flatMap(lane -> events.value(EventType.MODEL_VERSION, record))
                        .ifPresent(versions::add));
        return versions;
    }

    /** Returns whether {@code version} was published as a version of {@code lane}. */
    boolean isPublished(Lane lane, int partition, VersionRef version) {
        return versions(lane, partition).stream()
                .anyMatch(published -> published.ref().equals(version));
    }
}
