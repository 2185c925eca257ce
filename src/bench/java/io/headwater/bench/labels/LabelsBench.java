package io.headwater.bench.labels;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.learner.FeatureSet;
import io.headwater.bench.learner.SampleStream;
import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import io.headwater.config.key.KeyText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The accuracy of a lane that learns a part of the labels, chosen by each strategy, beside all labels. */
final class LabelsBench {
    private static final List<String> SETS = List.of("stsa", "polarity", "cifar10", "digits", "speakers", "articles");
    private static final double SHARE = 0.25;
    /** The part of the budget that is spent at random where estimates matter more than what is learned. */
    private static final double LARGE_FLOOR = 0.5;

    private static final int SEEDS = 5;
    private static final int DECIMALS = 4;

    private LabelsBench() {}

    /**
     * Runs all measurements and prints the results.
     *
     * @param args folder of features, optionally --quick or --seeds=N, optionally names of sets to restrict the run to
     */
    public static void main(String[] args) throws IOException {
        int seeds = Bench.isQuick(args) ? 1 : Bench.seeds(args, SEEDS);
        List<String> only =
                Stream.of(args).skip(1).filter(name -> !name.startsWith("--")).toList();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String name : only.isEmpty() ? SETS : only) {
            FeatureSet set = FeatureSet.read(Path.of(args[0]).resolve(name));
            rows.add(row(set, null, seeds));
            for (Strategy strategy : Strategy.values()) {
                rows.add(row(set, new AsksConfig(strategy, SHARE, 0, AsksConfig.DEFAULT.floor()), seeds));
            }
            rows.add(row(set, new AsksConfig(AsksConfig.DEFAULT.strategy(), SHARE, 0, LARGE_FLOOR), seeds));
        }
        Bench.print("labels", Map.of("seeds", seeds, "rows", rows), Machine.facts());
    }

    /** Means over the seeds; each seed has another order of the samples. */
    private static Map<String, Object> row(FeatureSet set, @Nullable AsksConfig asks, int seeds) {
        double accuracy = 0;
        double squares = 0;
        double labels = 0;
        double unweighted = 0;
        double weighted = 0;
        double assisted = 0;
        double effective = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            try (AskedLane lane = new AskedLane(set, asks)) {
                AskedLane.Result result = lane.run(SampleStream.shuffled(set, seed), seed);
                accuracy += result.accuracy();
                squares += result.accuracy() * result.accuracy();
                labels += result.labels();
                unweighted += Math.abs(result.unweighted() - result.truth());
                weighted += Math.abs(result.weighted().mean() - result.truth());
                assisted += Math.abs(result.assisted() - result.truth());
                effective += result.weighted().effective();
            }
        }
        double mean = accuracy / seeds;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("set", set.name());
        row.put("requests", set.train().size());
        row.put("strategy", asks == null ? "all" : KeyText.kebab(asks.strategy()));
        row.put("floor", asks == null ? 0 : asks.floor());
        row.put("share", asks == null ? 1 : asks.share());
        row.put("labels", Bench.rounded(labels / seeds, DECIMALS));
        row.put("accuracy", Bench.rounded(mean, DECIMALS));
        row.put("deviation", Bench.rounded(Math.sqrt(Math.max(0, squares / seeds - mean * mean)), DECIMALS));
        row.put("unweightedError", Bench.rounded(unweighted / seeds, DECIMALS));
        row.put("weightedError", Bench.rounded(weighted / seeds, DECIMALS));
        row.put("assistedError", Bench.rounded(assisted / seeds, DECIMALS));
        row.put("effective", Bench.rounded(effective / seeds, 0));
        Bench.say("bench: %s", row.toString());
        return row;
    }
}
