package io.headwater.bench.lanes;

import io.headwater.bench.Bench;
import io.headwater.bench.Folders;
import io.headwater.bench.Machine;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measures one trainer with one partition whose samples belong to few or many lanes, at the defaults. The base model costs next to
 * nothing, so that what remains is the cost of lanes, steps and versions. The samples of a run are a backlog in which all lanes take
 * turns, in another order each time.
 */
final class LanesBench {
    private static final int WORDS = 12;
    private static final List<Integer> LANES = List.of(1, 50, 200, 1_000);

    private LanesBench() {}

    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        int rounds = quick ? 1 : 3;
        int samples = quick ? 8_000 : 24_000;
        Map<String, String> machine = Machine.facts();
        Map<Integer, List<Map<String, Double>>> runs = new LinkedHashMap<>();
        try (BrokerUnderTest broker = BrokerUnderTest.embedded()) {
            once(broker, 1, 4_000);
            once(broker, 200, 4_000);
            for (int round = 0; round < rounds; round++) {
                for (int lanes : LANES) {
                    Map<String, Double> run = once(broker, lanes, samples);
                    Bench.say("round=%d lanes=%d %s", round, lanes, run);
                    runs.computeIfAbsent(lanes, none -> new ArrayList<>()).add(run);
                }
            }
        }
        double ofOne = median(runs.getOrDefault(1, List.of()), "samplesPerSecond");
        List<Map<String, Object>> rows = new ArrayList<>();
        runs.forEach((lanes, some) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("lanes", lanes);
            some.get(0).keySet().forEach(name -> row.put(name, Bench.rounded(median(some, name), 2)));
            row.put("ratio", Bench.rounded(median(some, "samplesPerSecond") / ofOne, 3));
            rows.add(row);
        });
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("samples", samples);
        report.put("rounds", rounds);
        report.put("rows", rows);
        Bench.print("lanes", report, machine);
    }

    private static double median(List<Map<String, Double>> runs, String name) {
        return Bench.median(
                runs.stream().map(run -> run.getOrDefault(name, Double.NaN)).toList());
    }

    private static Map<String, Double> once(BrokerUnderTest broker, int lanes, int samples) throws Exception {
        AdaptationConfig config = AdaptationConfig.of("lanes", TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withLabels(List.of("good", "bad"));
        Path folder = Files.createTempDirectory("headwater-lanes-");
        try (Installation installation = Installation.of(config, broker, new FileArtifactStore(folder, 1 << 24))
                .partitions(1)
                .open()
                .createTopics()) {
            send(installation, lanes, samples);
            LaneWatch watch = new LaneWatch();
            try (SyncCount syncs = new SyncCount(folder)) {
                watch.toEnd(installation.trainer("one", watch), samples);
                return result(watch, syncs.stop());
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private static Map<String, Double> result(LaneWatch watch, long syncs) {
        Map<String, Double> result = new LinkedHashMap<>();
        result.put("samplesPerSecond", watch.samplesPerSecond());
        result.put("versions", (double) watch.versions());
        result.put("transactions", (double) watch.checkpoints());
        result.put("syncsPerVersion", (double) syncs / watch.versions());
        result.put("syncsPerTransaction", (double) syncs / watch.checkpoints());
        result.put("longestGap", watch.longestGap());
        return result;
    }

    /** Sends texts of words that say something about their label, in rounds of one sample of each lane. */
    private static void send(Installation installation, int lanes, int samples) {
        Random random = new Random(1);
        List<Integer> turn = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            if (turn.isEmpty()) {
                for (int lane = 0; lane < lanes; lane++) {
                    turn.add(lane);
                }
                Collections.shuffle(turn, random);
            }
            boolean good = random.nextBoolean();
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < WORDS; word++) {
                int topic = random.nextInt(3) == 0 ? (good ? 0 : 1) : 2;
                text.append((char) ('a' + topic)).append(random.nextInt(40)).append(' ');
            }
            installation.sample("lane-" + turn.remove(turn.size() - 1), text.toString(), good ? "good" : "bad");
        }
        installation.flush();
    }
}
