package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.LaneSums;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.domain.Digest;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Rebuilds a version from its parent and its lineage, and checks whether the result has the same bytes. */
public final class Replay {

    /**
     * The result of rebuilding a version.
     *
     * @param version the version to reproduce
     * @param rebuilt digest of the rebuilt artifact
     * @param samples number of samples that were used
     */
    public record Result(ModelVersion version, Digest rebuilt, int samples) {
        /** Returns whether the bytes are the same. */
        public boolean matches() {
            return rebuilt.equals(version.ref().artifact());
        }
    }

    private final LaneContext context;
    private final Topics topics;
    private final SampleReader samples;

    /**
     * Creates an instance for the versions of one adaptation; {@code context} must have the configuration that their
     * lineage refers to.
     */
    public Replay(LaneContext context, Topics topics, SampleReader samples) {
        this.context = context;
        this.topics = topics;
        this.samples = samples;
    }

    /**
     * Rebuilds {@code version} from its parent's checkpoint and the log.
     *
     * @throws ReplayException when the log no longer contains all of its samples, or contains more samples than it was
     *     trained on
     * @throws io.headwater.domain.ArtifactException when the checkpoint of the parent or of a merged version is not in the
     *     store
     */
    public Result rebuild(ModelVersion version, PartitionReader log) {
        try (LaneLearner learner = parent(version)) {
            int learned = learn(learner, version, log);
            return new Result(version, Digest.of(learner.artifact().toBytes()), learned);
        }
    }

    /**
     * Rebuilds versions of one lane, also those whose parents have no checkpoint any more.
     *
     * @param versions all versions of the lane
     */
    public LaneReplay ofLane(Collection<ModelVersion> versions) {
        return new LaneReplay(context, this, versions);
    }

    /** Returns the learner that {@code version} began with: the checkpoint of its parent, or an untrained one. */
    LaneLearner parent(ModelVersion version) {
        VersionRef parent = version.lineage().parent();
        if (parent == null) {
            return LaneLearner.untrained(context.config(), context.goal(), context.baseModel(), context.heads());
        }
        Checkpoints.Contents checkpoint = context.checkpoint(parent);
        return parent.lane().equals(version.ref().lane())
                ? LaneLearner.restored(context.config(), context.goal(), context.heads(), checkpoint)
                : LaneLearner.startedFrom(context.config(), context.goal(), context.heads(), checkpoint);
    }

    /**
     * Lets {@code learner}, which is in the state of the parent, learn what {@code version} learned.
     *
     * @return the number of samples
     * @throws ReplayException as {@link #rebuild} does
     */
    int learn(LaneLearner learner, ModelVersion version, PartitionReader log) {
        Lineage lineage = version.lineage();
        String topic = log.topicId(topics.name(Topic.SAMPLES));
        if (!lineage.samplesTopic().isEmpty() && !lineage.samplesTopic().equals(topic)) {
            throw ReplayException.ofAnotherTopic(version, topic);
        }
        merge(learner, version);
        relabel(learner, version, log);
        Examples examples = new Examples(
                learner, records(version.ref().lane(), lineage, log), context.usedUnlabelled(lineage.configuration()));
        Forgetting forgetting = new Forgetting(version, log);
        for (int step : lineage.steps()) {
            forgetting.next(learner);
            List<Example> batch = new ArrayList<>();
            while (batch.size() < step) {
                Example example = examples.next();
                if (example == null) {
                    throw ReplayException.tooFew(version, examples.given());
                }
                if (learner.admit(example) instanceof Outcome.Ok) {
                    batch.add(example);
                }
            }
            learner.step(batch);
        }
        forgetting.next(learner);
        int learned = examples.given();
        for (Example left = examples.next(); left != null; left = examples.next()) {
            if (learner.admit(left) instanceof Outcome.Ok) {
                throw ReplayException.tooMany(version);
            }
        }
        return learned;
    }

    /**
     * Training examples of records, prepared in small groups because the examples of a whole version may not fit into
     * memory. The learner observes the samples without a label between them, if the version used such.
     */
    private final class Examples {
        private static final int CHUNK = 32;

        private final LaneLearner learner;
        private final List<ConsumerRecord<byte[], byte[]>> records;
        private final boolean usesUnlabelled;
        private final ArrayDeque<Example> prepared = new ArrayDeque<>();
        private int read;
        private int given;

        Examples(LaneLearner learner, List<ConsumerRecord<byte[], byte[]>> records, boolean usesUnlabelled) {
            this.learner = learner;
            this.records = records;
            this.usesUnlabelled = usesUnlabelled;
        }

        /** Returns the next example with a label; null at the end. */
        @Nullable
        Example next() {
            Example next = read();
            while (next != null && !next.isLabelled()) {
                if (usesUnlabelled) {
                    learner.observeUnlabelled(next);
                }
                next = read();
            }
            given += next == null ? 0 : 1;
            return next;
        }

        private @Nullable Example read() {
            while (prepared.isEmpty() && read < records.size()) {
                int end = Math.min(read + CHUNK, records.size());
                for (Prepared one : samples.prepare(records.subList(read, end))) {
                    if (one.example() instanceof Outcome.Ok<Example> ok) {
                        prepared.add(ok.value());
                    }
                }
                read = end;
            }
            return prepared.poll();
        }

        /** Returns the number of examples returned so far. */
        int given() {
            return given;
        }
    }

    /** Repeats the forgetting of samples after the same steps. */
    private final class Forgetting {
        private final ModelVersion version;
        private final PartitionReader log;
        private int steps;

        Forgetting(ModelVersion version, PartitionReader log) {
            this.version = version;
            this.log = log;
        }

        /** Forgets what was forgotten before the next step. */
        void next(LaneLearner learner) {
            for (ForgottenSample one : version.lineage().forgotten()) {
                if (one.afterSteps() == steps) {
                    learner.forget(example(one));
                }
            }
            steps++;
        }

        private Example example(ForgottenSample forgotten) {
            return Replay.this
                    .example(version, forgotten.offset(), log)
                    .orElseThrow(() -> ReplayException.withoutForgotten(version, forgotten.offset()));
        }
    }

    private Optional<Example> example(ModelVersion version, long offset, PartitionReader log) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        int partition = version.lineage().partition();
        log.readOneByOne(topics.partition(Topic.SAMPLES, partition), offset, offset + 1, List.of(), found::add);
        return samples.prepare(found).stream()
                .map(Prepared::example)
                .flatMap(one -> one instanceof Outcome.Ok<Example> ok ? Stream.of(ok.value()) : Stream.empty())
                .findFirst();
    }

    /** Changes the class that was changed before the first step, if there was one. */
    private void relabel(LaneLearner learner, ModelVersion version, PartitionReader log) {
        LabelEdit edit = version.lineage().relabelled();
        if (edit == null) {
            return;
        }
        List<Example> taken = new ArrayList<>();
        for (long offset : edit.offsets()) {
            taken.add(
                    example(version, offset, log).orElseThrow(() -> ReplayException.withoutForgotten(version, offset)));
        }
        if (learner.changeLabel(edit.action(), edit.label(), edit.into(), taken)
                instanceof Outcome.Rejected<List<String>> rejected) {
            throw ReplayException.withoutLabel(
                    version, edit.label(), rejected.rejection().message());
        }
    }

    /** Merges the version that was merged before the first step, if there was one. */
    private void merge(LaneLearner learner, ModelVersion version) {
        MergedVersion merged = version.lineage().merged();
        if (merged != null) {
            VersionRef since = merged.since();
            Outcome<LaneLearner> result = sums(merged.version())
                    .then(other -> since == null
                            ? learner.merge(other, null)
                            : sums(since).then(less -> learner.merge(other, less)));
            if (result instanceof Outcome.Rejected<LaneLearner> rejected) {
                throw ReplayException.withoutMerged(
                        version, merged, rejected.rejection().message());
            }
        }
    }

    private Outcome<LaneSums> sums(VersionRef version) {
        return LaneSums.read(context.checkpoint(version), context.baseModel(), context.goal(), context.heads());
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Lane lane, Lineage lineage, PartitionReader log) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        log.readOneByOne(
                topics.partition(Topic.SAMPLES, lineage.partition()),
                lineage.fromOffset(),
                lineage.toOffset(),
                lineage.skipped(),
                record -> {
                    if (RecordKeys.text(record.key()).equals(lane.domain())) {
                        records.add(record);
                    }
                });
        return records;
    }
}
