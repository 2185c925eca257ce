package io.headwater.bench.labels;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.learner.FeatureSet;
import io.headwater.bench.learner.SampleStream;
import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The accuracy of a lane that learns a part of the labels, chosen by each strategy, beside all labels. */
final class LabelsBench {
    private static final List<String> SETS = List.of("stsa", "polarity", "cifar10", "digits", "speakers", "articles");
    private static final double SHARE = 0.25;
    private static final int SEEDS = 5;
    private static final int DECIMALS = 4;

    private LabelsBench() {}

    /**
     * Runs all measurements and prints the results.
     *
     * @param args folder of features, optionally --quick or --seeds=N, optionally names of sets to restrict the run to
     */
    public static void main(String[] args) throws IOException {
        int seeds = Bench.isQuick(args) ? 1 : seeds(args);
        List<String> only =
                Stream.of(args).skip(1).filter(name -> !name.startsWith("--")).toList();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String name : only.isEmpty() ? SETS : only) {
            FeatureSet set = FeatureSet.read(Path.of(args[0]).resolve(name));
            rows.add(row(set, null, seeds));
            for (Strategy strategy : Strategy.values()) {
                rows.add(row(set, new AsksConfig(strategy, SHARE, 0, AsksConfig.DEFAULT.floor()), seeds));
            }
        }
        Bench.print("labels", Map.of("seeds", seeds, "rows", rows), Machine.facts());
    }

    private static int seeds(String[] args) {
        return Stream.of(args)
                .filter(argument -> argument.startsWith("--seeds="))
                .map(argument -> Integer.valueOf(argument.substring(argument.indexOf('=') + 1)))
                .findFirst()
                .orElse(SEEDS);
    }

    /** Means over the seeds; each seed has another order of the samples. */
    private static Map<String, Object> row(FeatureSet set, @Nullable AsksConfig asks, int seeds) {
        double accuracy = 0;
        double squares = 0;
        double labels = 0;
        double unweighted = 0;
        double weighted = 0;
        double effective = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            try (AskedLane lane = new AskedLane(set)) {
                AskedLane.Result result = lane.run(SampleStream.shuffled(set, seed), asks, seed);
                accuracy += result.accuracy();
                squares += result.accuracy() * result.accuracy();
                labels += result.labels();
                unweighted += Math.abs(result.unweighted() - result.truth());
                weighted += Math.abs(result.weighted().mean() - result.truth());
                effective += result.weighted().effective();
            }
        }
        double mean = accuracy / seeds;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("set", set.name());
        row.put("requests", set.train().size());
        row.put(
                "strategy",
                asks == null
                        ? "all"
                        : asks.strategy().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        row.put("share", asks == null ? 1 : asks.share());
        row.put("labels", Bench.rounded(labels / seeds, DECIMALS));
        row.put("accuracy", Bench.rounded(mean, DECIMALS));
        row.put("deviation", Bench.rounded(Math.sqrt(Math.max(0, squares / seeds - mean * mean)), DECIMALS));
        row.put("unweightedError", Bench.rounded(unweighted / seeds, DECIMALS));
        row.put("weightedError", Bench.rounded(weighted / seeds, DECIMALS));
        row.put("effective", Bench.rounded(effective / seeds, 0));
        Bench.say("bench: %s", row.toString());
        return row;
    }
}
