package io.headwater.bench.stream;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.TrainingRun;
import io.headwater.config.AdaptationConfig;
import io.headwater.ops.AdaptationRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures what the race of closed forms costs as a lane grows: the end-to-end training throughput of text with two backbone
 * threads on all cores, compared with a linear probe of one step for each batch in the same round. Solutions come less and less often,
 * and the samples in memory are bounded, so that the cost for each sample falls.
 */
final class RaceBench {
    private static final int WORKERS = 2;

    private RaceBench() {}

    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        Map<String, String> machine = Machine.facts();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("rounds", quick ? 1 : 3);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int samples : quick ? new int[] {600, 1200} : new int[] {2400, 9600}) {
            rows.add(row(samples, quick ? 1 : 3));
        }
        report.put("rows", rows);
        Bench.print("race", report, machine);
    }

    private static Map<String, Object> row(int samples, int rounds) throws Exception {
        List<Double> race = new ArrayList<>();
        List<Double> probe = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (BenchInstallation installation = new BenchInstallation()) {
            installation.fill(Sentences.of(samples));
            for (int round = -1; round < rounds; round++) {
                double ofRace = once(installation, ThroughputBench.config("race-" + round), samples);
                double ofProbe = once(installation, ThroughputBench.probe("probe-" + round), samples);
                Bench.say("round=%d samples=%d race=%.1f probe=%.1f", round, samples, ofRace, ofProbe);
                if (round >= 0) { // the round before warms up
                    race.add(ofRace);
                    probe.add(ofProbe);
                    ratios.add(ofRace / ofProbe);
                }
            }
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("samples", samples);
        row.put("racePerSecond", Bench.rounded(Bench.median(race), 1));
        row.put("probePerSecond", Bench.rounded(Bench.median(probe), 1));
        row.put("ratio", Bench.rounded(Bench.median(ratios), 3));
        return row;
    }

    private static double once(BenchInstallation installation, AdaptationConfig config, int samples) throws Exception {
        try (AdaptationRuntime runtime = installation.runtime(config, WORKERS)) {
            return TrainingRun.of(runtime, samples).samplesPerSecond();
        }
    }
}
