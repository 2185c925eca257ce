package io.headwater.bench.unlabelled;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.learner.FeatureSet.Part;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.config.key.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures a lane that starts from a lane of another domain, with each use of samples without a label: its accuracy in the
 * new domain before it has any label, and after some.
 */
final class UnlabelledBench {
    private static final int SEEDS = 5;
    private static final int DECIMALS = 4;

    /** Samples that come without their labels at first. */
    private static final int UNLABELLED = 400;

    /** Numbers of labels after which the lane is scored. */
    private static final List<Integer> LABELS = List.of(0, 16, 64, 112);

    private UnlabelledBench() {}

    /**
     * Runs all measurements.
     *
     * @param args folder of features, file of results, optionally --quick or --seeds=N, optionally parts of the names of shifts to
     *     restrict the run to; the file keeps its rows of others
     */
    public static void main(String[] args) throws IOException {
        int seeds = Bench.isQuick(args) ? 1 : Bench.seeds(args, SEEDS);
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<Integer, ShiftLane> sources = new HashMap<>();
        @Nullable Part learned = null;
        List<String> only =
                Stream.of(args).skip(2).filter(name -> !name.startsWith("--")).toList();
        List<Shift> shifts = Shift.all(Path.of(args[0])).stream()
                .filter(shift -> only.isEmpty() || only.stream().anyMatch(shift.name()::contains))
                .toList();
        for (Shift shift : shifts) {
            if (shift.source() != learned) {
                sources.values().forEach(ShiftLane::close);
                sources.clear();
                learned = shift.source();
            }
            Map<UnlabelledUse, double[][]> accuracies = new LinkedHashMap<>();
            for (UnlabelledUse use : UnlabelledUse.values()) {
                accuracies.put(use, new double[LABELS.size()][seeds]);
            }
            for (int seed = 0; seed < seeds; seed++) {
                measure(shift, seed, sources.computeIfAbsent(seed, one -> source(shift, one)), accuracies);
            }
            accuracies.forEach((use, measured) -> rows.addAll(rows(shift, use, measured, accuracies)));
            write(Path.of(args[1]), only, rows);
        }
        sources.values().forEach(ShiftLane::close);
    }

    /** Writes the rows that there are by now: a run may be ended before all shifts are measured. */
    private static void write(Path file, List<String> only, List<Map<String, Object>> rows) throws IOException {
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        List<Map<String, Object>> together = new ArrayList<>(rows);
        if (!only.isEmpty() && Files.exists(file)) {
            Set<Object> measured = rows.stream().map(row -> row.get("shift")).collect(Collectors.toSet());
            for (JsonNode row : json.readTree(file.toFile()).path("rows")) {
                if (!measured.contains(row.path("shift").asText())) {
                    together.add(json.convertValue(row, new TypeReference<>() {}));
                }
            }
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", "unlabelled");
        all.put("rows", together);
        all.put("machine", Machine.facts());
        json.writeValue(file.toFile(), all);
    }

    /** Returns a lane that has learned the first domain, of which several shifts may begin. */
    private static ShiftLane source(Shift shift, int seed) {
        ShiftLane source = new ShiftLane(shift);
        source.learn(shift.source(), shuffled(shift.source().size(), seed));
        return source;
    }

    private static void measure(Shift shift, int seed, ShiftLane source, Map<UnlabelledUse, double[][]> accuracies) {
        int[] stream = shuffled(shift.stream().size(), seed);
        int most = LABELS.get(LABELS.size() - 1);
        // Where there are few samples, those that get labels later have come without one before.
        int unlabelled = Math.min(UNLABELLED, stream.length);
        int begin = Math.max(0, Math.min(unlabelled, stream.length - most));
        for (Map.Entry<UnlabelledUse, double[][]> one : accuracies.entrySet()) {
            try (ShiftLane lane = new ShiftLane(source, one.getKey())) {
                if (one.getKey() != UnlabelledUse.IGNORE) {
                    lane.observe(shift.stream(), Arrays.copyOf(stream, unlabelled));
                }
                for (int i = 0; i < LABELS.size(); i++) {
                    if (i > 0) {
                        lane.learn(
                                shift.stream(),
                                Arrays.copyOfRange(stream, begin + LABELS.get(i - 1), begin + LABELS.get(i)));
                    }
                    one.getValue()[i][seed] = lane.accuracy(shift.test());
                }
            }
        }
    }

    private static List<Map<String, Object>> rows(
            Shift shift, UnlabelledUse use, double[][] measured, Map<UnlabelledUse, double[][]> all) {
        List<Map<String, Object>> rows = new ArrayList<>();
        double[][] ignored = all.getOrDefault(UnlabelledUse.IGNORE, measured);
        for (int i = 0; i < LABELS.size(); i++) {
            double[] own = measured[i];
            double[] without = ignored[i];
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("shift", shift.name());
            row.put("use", KeyText.kebab(use));
            row.put("labels", LABELS.get(i));
            row.put("seeds", own.length);
            row.put("accuracy", Bench.rounded(mean(own), DECIMALS));
            row.put("gain", Bench.rounded(mean(own) - mean(without), DECIMALS));
            row.put(
                    "worstGain",
                    Bench.rounded(
                            IntStream.range(0, own.length)
                                    .mapToDouble(seed -> own[seed] - without[seed])
                                    .min()
                                    .orElse(0),
                            DECIMALS));
            rows.add(row);
            Bench.say("bench: %s", row.toString());
        }
        return rows;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static int[] shuffled(int size, long seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
