package io.headwater.bench.space;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.judge.Verdict;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.bench.Bench;
import io.headwater.bench.Folders;
import io.headwater.bench.Machine;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.goal.ClassGoal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Measures the artifacts of a lane of two classes with the features of a sentence encoder, which publishes a version after
 * every 20 samples, as it does with 20 samples a second at the defaults, and what a retention keeps of a month of them. The
 * bytes are those of real files; only the time is not spent.
 */
final class SpaceBench {
    private static final int WIDTH = 384;
    private static final int PER_VERSION = 20;
    private static final int DAY = 86_400;
    private static final int DAYS = 30;
    private static final int EVERY = 2_000;
    private static final int DISTANCE = 100;

    private final AdaptationConfig config = AdaptationConfig.of("space", TaskKind.TEXT_CLASSIFICATION, "minilm");
    private final Random random = new Random(1);
    private final List<VersionRef> versions = new ArrayList<>();
    private @Nullable VersionRef serving;

    private SpaceBench() {}

    /** Prints all results; with {@code --quick}, of fewer versions. */
    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        Path folder = Files.createTempDirectory("headwater-space");
        try {
            Bench.print(
                    "space", new SpaceBench().measured(folder, quick ? 300 : 600, quick ? 100 : 200), Machine.facts());
        } finally {
            Folders.delete(folder);
        }
    }

    private Map<String, Object> measured(Path folder, int count, int first) {
        FileArtifactStore store = new FileArtifactStore(folder, 1 << 30);
        int whole;
        try (LaneLearner learner = LaneLearner.untrained(
                config,
                new ClassGoal(config.labels(), config.training().labelSmoothing()),
                Digest.of("base".getBytes(StandardCharsets.UTF_8)),
                GraphHeads.of(config, WIDTH))) {
            for (int i = 0; i < count; i++) {
                publish(learner, store);
            }
            whole = learner.checkpoint().length;
        }
        Map<Digest, Long> sizes = new HashMap<>();
        store.list(one -> sizes.put(one.digest(), one.bytes()));
        List<VersionRef> steady = versions.subList(first, count);
        double each =
                bytes(sizes, steady.stream().map(VersionRef::checkpoint).collect(Collectors.toSet())) / steady.size();
        double head =
                bytes(sizes, steady.stream().map(VersionRef::artifact).collect(Collectors.toSet())) / steady.size();
        List<Double> alone = new ArrayList<>();
        for (int i = 0; i < steady.size(); i += DISTANCE) {
            Set<Digest> needed =
                    new HashSet<>(Checkpoints.parts(store.get(steady.get(i).checkpoint())));
            needed.add(steady.get(i).checkpoint());
            needed.add(steady.get(i).artifact());
            alone.add(bytes(sizes, needed));
        }
        double isolated =
                alone.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        Map<String, Object> measured = new LinkedHashMap<>();
        measured.put("versions", count);
        measured.put("features", WIDTH);
        measured.put("samplesOfAVersion", PER_VERSION);
        measured.put("wholeCheckpoint", whole);
        measured.put("newSamples", 4 * WIDTH * PER_VERSION);
        measured.put("checkpoint", Math.round(each));
        measured.put("head", Math.round(head));
        measured.put("isolated", Math.round(isolated));
        measured.put("lastDayGigabytes", Bench.rounded(DAY * (each + head) / 1e9, 1));
        double older = (DAYS - 1.0) * DAY / EVERY * isolated;
        measured.put("olderVersions", (DAYS - 1) * DAY / EVERY);
        measured.put("olderGigabytes", Bench.rounded(older / 1e9, 1));
        measured.put("monthGigabytes", Bench.rounded((DAY * (each + head) + older) / 1e9, 1));
        measured.put("monthOfWholeGigabytes", Bench.rounded((double) DAYS * DAY * (whole + head) / 1e9, 0));
        return measured;
    }

    private static double bytes(Map<Digest, Long> sizes, Set<Digest> artifacts) {
        return artifacts.stream()
                .mapToDouble(digest -> sizes.getOrDefault(digest, 0L))
                .sum();
    }

    private void publish(LaneLearner learner, FileArtifactStore store) {
        List<Example> samples = samples();
        samples.forEach(learner::admit);
        int batch = config.training().batchSize();
        learner.step(samples.subList(0, batch));
        learner.step(samples.subList(batch, PER_VERSION));
        HeadArtifact head = learner.artifact();
        Digest artifact = store.put(head.toBytes());
        Verdict verdict = learner.promoteIfBetter(head, false, serving);
        Set<Digest> serves = serving == null ? Set.of() : Set.of(serving.artifact(), serving.checkpoint());
        VersionRef version = new VersionRef(
                new Lane(config.name(), "here"), versions.size() + 1, artifact, learner.save(store, serves));
        versions.add(version);
        if (verdict.servesPublished()) {
            serving = version;
        } else {
            serving = verdict.earlier() == null ? serving : verdict.earlier();
            learner.consider(version, () -> head);
        }
    }

    private List<Example> samples() {
        List<Example> samples = new ArrayList<>();
        for (int i = 0; i < PER_VERSION; i++) {
            int label = random.nextInt(2);
            float[] features = new float[WIDTH];
            for (int f = 0; f < WIDTH; f++) {
                features[f] = (float) (random.nextGaussian() / 20) + (f % 2 == label ? 0.01f : 0);
            }
            String name = "c" + (random.nextInt(20) == 0 ? 1 - label : label);
            samples.add(new Example(
                    PayloadView.of(new Payload.Text("features")),
                    new Label.ClassLabel(name),
                    features,
                    Target.of(List.of(name))));
        }
        return samples;
    }
}
