package io.headwater.trainer;

import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.CheckpointConfig;
import io.headwater.config.GuardConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.TrainingConfig;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.domain.Provenance;
import io.headwater.domain.Sample;
import io.headwater.domain.VersionRef;
import io.headwater.testing.Installation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adaptations with small training steps, and samples for them. */
public final class Adaptations {
    public static final int BATCH = 8;

    /** Publishes by number of steps only. */
    public static final CheckpointConfig BY_STEPS = new CheckpointConfig(3, Duration.ofHours(24), Duration.ofHours(24));

    /** Publishes by time. */
    public static final CheckpointConfig AT_ONCE =
            new CheckpointConfig(3, Duration.ofMillis(20), Duration.ofMillis(10));

    private static final List<String> GOOD = List.of("lovely", "delightful", "warm", "crisp", "generous", "bright");
    private static final List<String> BAD = List.of("dull", "broken", "stale", "rude", "leaking", "late");
    private static final List<String> THINGS = List.of("the lamp", "our waiter", "this film", "her coat", "lunch");

    private Adaptations() {}

    /** Returns {@link #text(CheckpointConfig)} under another name. */
    public static AdaptationConfig text(String name, CheckpointConfig checkpoint) {
        return of(name, TaskKind.TEXT_CLASSIFICATION, checkpoint, List.of(), null, 0);
    }

    public static AdaptationConfig text(CheckpointConfig checkpoint) {
        return of(TaskKind.TEXT_CLASSIFICATION, checkpoint, List.of(), null, 0);
    }

    public static AdaptationConfig of(
            TaskKind task, CheckpointConfig checkpoint, List<String> labels, @Nullable String source, int hidden) {
        return of("mood", task, checkpoint, labels, source, hidden);
    }

    private static AdaptationConfig of(
            String name,
            TaskKind task,
            CheckpointConfig checkpoint,
            List<String> labels,
            @Nullable String source,
            int hidden) {
        return AdaptationConfig.of(name, task, "test")
                .withLabels(labels)
                .withSource(source)
                .withHead(new HeadConfig(hidden))
                .withTraining(new TrainingConfig(BATCH, 0.02, 0.05, TrainingConfig.ClassWeights.BALANCED, 7))
                .withReplay(new ReplayConfig(40, 16))
                .withCheckpoint(checkpoint)
                .withGuard(new GuardConfig(12, 6));
    }

    /** An adaptation whose steps take long enough for a process to be killed during one. */
    public static AdaptationConfig heavy() {
        AdaptationConfig light = of(TaskKind.TEXT_CLASSIFICATION, BY_STEPS, List.of(), null, 256);
        return light.withReplay(new ReplayConfig(200, 200))
                .withCheckpoint(new CheckpointConfig(4, Duration.ofHours(24), Duration.ofHours(24)));
    }

    /** Returns the label of the {@code i}-th sentence. */
    public static String label(int i) {
        return i % 3 == 0 ? "bad" : "good";
    }

    /** Returns a sentence that is unique for each {@code i} and agrees with its label. */
    public static String sentence(int i) {
        List<String> words = label(i).equals("bad") ? BAD : GOOD;
        return THINGS.get(i % THINGS.size()) + " was " + words.get(i % words.size()) + " and "
                + words.get((i / 7) % words.size()) + ", visit " + i;
    }

    /** Sends the {@code i}-th sentence to {@code domain}. */
    public static void send(Installation installation, String domain, int i) {
        installation.sample(domain, sentence(i), label(i));
    }

    /**
     * Sends a text whose label became known after a prediction.
     *
     * @param id id of its request
     * @param corrects the label with which it was sent before; empty when there was none
     */
    public static void label(
            Installation installation, String domain, String id, String text, String label, String corrects) {
        Digest digest = Digest.of(new byte[] {1});
        Provenance provenance = new Provenance(
                new VersionRef(installation.lane(domain), 1, digest, digest),
                Instant.EPOCH,
                Instant.EPOCH,
                corrects.isEmpty() ? null : new Label.ClassLabel(corrects),
                0);
        Sample sample = new Sample(id, new Payload.Text(text), new Label.ClassLabel(label), Instant.EPOCH, provenance);
        installation.send(domain, installation.codec().encode(EventType.SAMPLE, sample), true);
    }

    /** Sends samples to a domain. */
    @FunctionalInterface
    public interface Sender {
        /** Sends the {@code i}-th sample to {@code domain}. */
        void send(Installation installation, String domain, int i);
    }

    /** Sends {@code samples} sentences, as {@link #sendThreeLanes(Installation, int, Sender)}. */
    public static void sendThreeLanes(Installation installation, int samples) {
        sendThreeLanes(installation, samples, Adaptations::send);
    }

    /**
     * Sends samples in turn to two lanes that share a partition and to one on another partition, with occasional
     * invalid records.
     */
    public static void sendThreeLanes(Installation installation, int samples, Sender sender) {
        List<String> domains = List.of(installation.domain(0, 0), installation.domain(0, 1), installation.domain(1, 0));
        for (int i = 0; i < samples; i++) {
            sender.send(installation, domains.get(i * i % 7 % 3), i);
            if (i % 17 == 5) {
                installation.send(domains.get(i % 3), new byte[] {1, 2, 3}, false);
            }
        }
    }
}
