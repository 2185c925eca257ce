package io.headwater.bench.learner;

import io.headwater.adapt.Example;
import io.headwater.adapt.Examples;
import io.headwater.bench.Bench;
import io.headwater.bench.transfer.TransferModels;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Outcome;
import io.headwater.kafka.KafkaSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.data.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Computes the features of the sets of the learner benchmark with frozen models, once, and writes them to files. */
final class FeatureDump {
    /** The sets, in the order in which they are computed. */
    static final List<String> SETS =
            List.of("stsa", "cifar10", "digits", "articles", "polarity", "speakers", "entities");

    private static final int CHUNK = 64;

    private final Path data;
    private final Path work;
    private final TransferModels models;

    private FeatureDump(Path data, Path work) {
        this.data = data;
        this.work = work;
        this.models = new TransferModels(data.resolve("models"), work);
    }

    /**
     * Writes the sets that are missing.
     *
     * @param args folder of data, folder to write to, and names of sets; by default all
     */
    public static void main(String[] args) throws Exception {
        Path to = Path.of(args[1]).toAbsolutePath();
        Path work = Files.createDirectories(to.resolve("work"));
        FeatureDump dump = new FeatureDump(Path.of(args[0]).toAbsolutePath(), work);
        for (String name : args.length > 2 ? List.of(args).subList(2, args.length) : SETS) {
            if (!FeatureSet.isIn(to.resolve(name))) {
                FeatureSet set = dump.compute(name);
                set.write(to);
                Bench.say(
                        "bench: features of %s: %d and %d",
                        name, set.train().size(), set.test().size());
            }
        }
    }

    private FeatureSet compute(String name) throws Exception {
        Path sounds = data.resolve("audio/fsdd/recordings.zip");
        return switch (name) {
            case "stsa" ->
                compute(
                        name,
                        models.miniLm(128).trained(),
                        LabelledItems.texts(
                                data.resolve("text/stsa.binary.train.tsv"), data.resolve("text/stsa.binary.test.tsv")));
            case "polarity" ->
                compute(
                        name,
                        models.miniLm(128).trained(),
                        LabelledItems.shuffledTexts(data.resolve("text/rt-polarity.tsv"), 5633, 2000));
            case "articles" ->
                compute(
                        name,
                        models.miniLm(128).trained(),
                        LabelledItems.articles(data.resolve("qa/xquad.en.json"), work));
            case "cifar10" ->
                compute(
                        name,
                        models.squeezeNet().trained(),
                        LabelledItems.images(
                                data.resolve("images/cifar10/train.zip"), data.resolve("images/cifar10/test.zip")));
            case "digits" ->
                compute(
                        name,
                        models.speechEmbedding("digits", "0.785", 8).trained(),
                        LabelledItems.digits(sounds, work, "george"));
            case "speakers" ->
                compute(
                        name,
                        models.speechEmbedding("digits", "0.785", 8).trained(),
                        LabelledItems.speakers(sounds, work));
            case "entities" ->
                compute(
                        name,
                        models.miniLm(128).trained(),
                        LabelledItems.sentences(
                                data.resolve("ner/wnut17train.conll"),
                                data.resolve("ner/emerging.dev.conll"),
                                20_000,
                                6_000));
            case "cifar10-noise", "cifar10-blur", "cifar10-contrast", "cifar10-fog" ->
                compute(
                        name,
                        models.squeezeNet().trained(),
                        LabelledItems.images(
                                        data.resolve("images/cifar10/train.zip"),
                                        data.resolve("images/cifar10/test.zip"))
                                .corrupted(Corruption.valueOf(
                                        name.substring("cifar10-".length()).toUpperCase(Locale.ROOT))));
            default -> throw new IllegalArgumentException("a set must be one of " + SETS + ", but is " + name);
        };
    }

    private FeatureSet compute(String name, String base, LabelledItems items) throws Exception {
        AdaptationConfig config = AdaptationConfig.of("learner", items.task(), base);
        // No client connects: only the base model is used.
        RuntimeSettings settings = RuntimeSettings.local(KafkaSettings.of("localhost:9"), work.resolve("artifacts"), 1);
        Map<String, Integer> classes = new LinkedHashMap<>();
        Map<String, Integer> groups = new LinkedHashMap<>();
        try (AdaptationRuntime runtime = AdaptationRuntime.open(config, settings)) {
            FeatureSet.Part train = part(runtime, items.train(), items.trainGroups(), classes, groups);
            FeatureSet.Part test = part(runtime, items.test(), items.testGroups(), classes, groups);
            return new FeatureSet(
                    name, List.copyOf(classes.keySet()), List.copyOf(groups.keySet()), items.groupKind(), train, test);
        }
    }

    private static FeatureSet.Part part(
            AdaptationRuntime runtime,
            List<Item> items,
            List<String> groupOf,
            Map<String, Integer> classes,
            Map<String, Integer> groups)
            throws IOException {
        Examples maker = new Examples(runtime.task(), runtime.featurizer());
        List<float[]> features = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<Integer> inGroup = new ArrayList<>();
        for (int from = 0; from < items.size(); from += CHUNK) {
            List<Item> chunk = items.subList(from, Math.min(from + CHUNK, items.size()));
            List<Outcome<Example>> examples = maker.of(chunk.stream()
                    .map(item -> Outcome.ok(new Examples.Pair(item.payload(), item.label())))
                    .toList());
            for (int i = 0; i < chunk.size(); i++) {
                if (!(examples.get(i) instanceof Outcome.Ok<Example> ok)) {
                    throw new IOException("item " + chunk.get(i).id() + " cannot be used: " + examples.get(i));
                }
                int group = groupOf.isEmpty() ? -1 : index(groups, groupOf.get(from + i));
                List<String> symbols = ok.value().target().symbols();
                int width = ok.value().features().length / symbols.size();
                for (int row = 0; row < symbols.size(); row++) {
                    if (!symbols.get(row).isEmpty()) {
                        features.add(Arrays.copyOfRange(ok.value().features(), row * width, (row + 1) * width));
                        labels.add(index(classes, symbols.get(row)));
                        inGroup.add(group);
                    }
                }
            }
        }
        return new FeatureSet.Part(features.toArray(float[][]::new), ints(labels), ints(inGroup));
    }

    private static int index(Map<String, Integer> names, String name) {
        return names.computeIfAbsent(name, key -> names.size());
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
