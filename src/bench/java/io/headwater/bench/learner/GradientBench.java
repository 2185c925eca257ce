package io.headwater.bench.learner;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.adapt.Example;
import io.headwater.adapt.LaneLearner;
import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Payload;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.goal.ClassGoal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures heads with a hidden layer, trained in one pass over the features of each set by gradients: with each of the
 * keys of a batch added to the one before, and beside the closed form; then what keeps such heads from forgetting.
 */
final class GradientBench {
    private static final int SEEDS = 3;
    private static final Digest NO_DIGEST = Digest.of("features".getBytes(StandardCharsets.UTF_8));
    private static final PayloadView NO_PAYLOAD = PayloadView.of(new Payload.Text("features"));
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The sets, each with the number of samples of each class, 0 for all. */
    private static final Map<String, List<Integer>> SETS = new LinkedHashMap<>();

    static {
        SETS.put("digits", List.of(0));
        SETS.put("speakers", List.of(0));
        SETS.put("articles", List.of(0));
        SETS.put("cifar10", List.of(16, 0));
        SETS.put("units", List.of(0));
        SETS.put("classes-94", List.of(16));
        SETS.put("stsa-imbalanced", List.of(0));
        SETS.put("digits-by-speaker", List.of(0));
        SETS.put("stsa", List.of(64, 0));
    }

    private static final String PLAIN = """
            training.steps: 1
            training.feature-scaling: none
            training.averaged-steps: 0
            training.warm-start: 0
            optimiser.updater: adam
            optimiser.weight-decay: 0
            """;

    private GradientBench() {}

    /** How a head learns, as keys of an adaptation file. */
    private static Map<String, String> variants() {
        Map<String, String> variants = new LinkedHashMap<>();
        variants.put("closed form, no hidden layer", "");
        String keys = "head.hidden: 64\n" + PLAIN;
        variants.put("one step", keys);
        keys = keys.replace("steps: 1", "steps: 8");
        variants.put("eight steps", keys);
        keys = keys.replace("scaling: none", "scaling: running");
        variants.put("and scaled features", keys);
        keys = keys.replace("averaged-steps: 0", "averaged-steps: 128");
        variants.put("and averaged weights", keys);
        keys = keys.replace("warm-start: 0", "warm-start: 128");
        variants.put("and a warm start", keys);
        variants.put("and weight decay (the defaults)", "head.hidden: 64\n");
        return variants;
    }

    /**
     * Runs all measurements.
     *
     * @param args folder of features, file of results, optionally --quick or --seeds=N, optionally "KEY: VALUE", one for
     *     each key of a further variant that is measured alone
     */
    public static void main(String[] args) throws IOException {
        int seeds = Bench.isQuick(args)
                ? 1
                : Stream.of(args)
                        .filter(argument -> argument.startsWith("--seeds="))
                        .map(argument -> Integer.valueOf(argument.substring(argument.indexOf('=') + 1)))
                        .findFirst()
                        .orElse(SEEDS);
        List<String> own =
                Stream.of(args).filter(argument -> argument.contains(": ")).toList();
        Map<String, String> variants = own.isEmpty() ? variants() : Map.of(own.toString(), String.join("\n", own));
        ArrayNode rows = JSON.createArrayNode();
        for (Map.Entry<String, String> variant : variants.entrySet()) {
            rows.add(row(Path.of(args[0]), variant.getKey(), variant.getValue(), seeds));
        }
        ObjectNode results = JSON.createObjectNode().put("name", "hidden").put("seeds", seeds);
        results.set("rows", rows);
        if (own.isEmpty()) {
            results.set("remembering", JSON.valueToTree(RememberingBench.rows(Path.of(args[0]), seeds)));
        }
        results.set("machine", JSON.valueToTree(Machine.facts()));
        Files.writeString(
                Path.of(args[1]), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results) + "\n");
    }

    private static ObjectNode row(Path folder, String name, String keys, int seeds) throws IOException {
        ObjectNode row = JSON.createObjectNode().put("name", name);
        StringBuilder line = new StringBuilder();
        double sum = 0;
        double gap = 0;
        int count = 0;
        for (Map.Entry<String, List<Integer>> each : SETS.entrySet()) {
            FeatureSet set = FeatureSet.read(folder.resolve(each.getKey()));
            for (int perClass : each.getValue()) {
                double accuracy = 0;
                double ece = 0;
                double micros = 0;
                for (int seed = 1; seed <= seeds; seed++) {
                    Result result = learn(
                            perClass == 0
                                    ? SampleStream.shuffled(set, seed)
                                    : SampleStream.perClass(set, perClass, seed),
                            keys);
                    accuracy += result.scores().accuracy() / seeds;
                    ece += result.scores().ece() / seeds;
                    micros += result.micros() / seeds;
                }
                String size = perClass == 0 ? "all" : String.valueOf(perClass);
                row.putObject(each.getKey() + " " + size)
                        .put("accuracy", accuracy)
                        .put("ece", ece)
                        .put("microsPerSample", Math.round(micros));
                line.append(" %s/%s %.3f".formatted(each.getKey(), size, accuracy));
                sum += accuracy;
                gap += ece;
                count++;
            }
        }
        System.err.printf("%-34s mean %.4f ece %.3f %s%n", name, sum / count, gap / count, line);
        return row.put("mean", sum / count).put("meanEce", gap / count);
    }

    /**
     * What a lane reached.
     *
     * @param scores those of its newest version on the test samples
     * @param micros time for each sample, in microseconds
     */
    record Result(HeadScores scores, double micros) {}

    /** Returns the configuration of a lane. */
    static AdaptationConfig config(String keys) {
        return AdaptationFile.parse("bench", "name: hidden\ntask: text-classification\nbase: minilm\n" + keys);
    }

    /** Lets a lane with these keys learn a stream in one pass. */
    static Result learn(SampleStream stream, String keys) {
        AdaptationConfig config = config(keys);
        FeatureSet set = stream.set();
        long start = System.nanoTime();
        try (Heads heads = GraphHeads.of(config, set.train().features()[0].length);
                LaneLearner lane = LaneLearner.untrained(config, new ClassGoal(List.of(), 0), NO_DIGEST, heads)) {
            List<Example> pending = new ArrayList<>();
            for (int i = 0; i < stream.size(); i++) {
                String name = set.classes().get(stream.labels()[i]);
                float[] features = set.train().features()[stream.samples()[i]];
                Example example = new Example(NO_PAYLOAD, new ClassLabel(name), features, Target.of(List.of(name)));
                lane.admit(example);
                pending.add(example);
                if (i == stream.size() - 1
                        || pending.size() == config.training().batchSize()) {
                    lane.step(pending);
                    pending.clear();
                }
            }
            double micros = (System.nanoTime() - start) / 1e3 / stream.size();
            return new Result(HeadScores.of(lane.artifact(), heads, set.classes(), set.test()), micros);
        }
    }
}
