package io.headwater.bench.top;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.config.TextInput;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs many steps of one head on sentences of various lengths, with state snapshots and inference in between. */
final class EnduranceRun {
    private static final int TENTHS = 10;
    private static final int ROWS = 4;
    private static final int CLASSES = 4;
    private static final int MOST_TOKENS = 24;
    private static final int BETWEEN_STATES = 50;

    private EnduranceRun() {}

    /** @param args the strategy, steps; prints one line of JSON */
    public static void main(String[] args) throws Exception {
        Endurance what = Endurance.valueOf(args[0]);
        int steps = Integer.parseInt(args[1]);
        Path folder = Files.createTempDirectory("headwater-endurance-");
        BaseModelManifest manifest = manifest(folder);
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config(what));
                Head head = model.heads().create(CLASSES)) {
            List<Double> resident = new ArrayList<>();
            long heap = 0;
            float[][] rows = rows(model);
            Random random = new Random(3);
            long start = System.nanoTime();
            for (int step = 1; step <= steps; step++) {
                float[][] batch = new float[ROWS][];
                for (int i = 0; i < ROWS; i++) {
                    batch[i] = rows[random.nextInt(rows.length)];
                }
                train(head, batch, random);
                if (step % BETWEEN_STATES == 0) {
                    head.probabilities(batch);
                    try (Head answering = model.heads().answering(head.state().parameters())) {
                        answering.probabilities(batch);
                    }
                    heap = Math.max(
                            heap,
                            ManagementFactory.getMemoryMXBean()
                                            .getHeapMemoryUsage()
                                            .getUsed()
                                    >> 20);
                }
                if (step % (steps / TENTHS) == 0) {
                    resident.add((double) Machine.residentMiB());
                }
            }
            print(what, steps, (System.nanoTime() - start) / 1e9, resident, heap);
        } finally {
            Files.delete(Path.of(manifest.model().location()));
            Files.delete(folder);
        }
    }

    private static BaseModelManifest manifest(Path folder) {
        TextInput of = TestModels.miniLmInput(64);
        TextInput input = new TextInput(of.tokenizer(), of.maxTokens(), of.ids(), "", "");
        return new BaseModelManifest(
                "bench",
                "none",
                "",
                TestModels.write(folder, TopModels.decoder().toByteArray()),
                List.of(),
                input,
                "final",
                List.of("h.0/out", "h.start"),
                Pooling.LAST,
                false);
    }

    private static AdaptationConfig config(Endurance what) {
        return AdaptationConfig.of("bench", TaskKind.TEXT_CLASSIFICATION, "bench")
                .withStrategy(what.strategy())
                .withOptimiser(what.optimiser());
    }

    private static float[][] rows(DividedModel model) {
        Random random = new Random(7);
        List<ModelInput> inputs = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            inputs.add(new ModelInput.Tokens(random.longs(2 + random.nextInt(MOST_TOKENS - 1), 1000, 30_000)
                    .toArray()));
        }
        return model.backbone().features(inputs).toArray(float[][]::new);
    }

    private static void train(Head head, float[][] batch, Random random) {
        float[][] targets = new float[ROWS][CLASSES];
        for (float[] target : targets) {
            target[random.nextInt(CLASSES)] = 1;
        }
        float[] weights = new float[ROWS];
        Arrays.fill(weights, 1);
        if (!Double.isFinite(head.train(batch, targets, weights))) {
            throw new IllegalStateException("a step's loss must be finite, but is not");
        }
    }

    /**
     * Prints the growth of resident memory from the fourth and fifth tenth of the run to the last two tenths, as in
     * the memory benchmark.
     */
    private static void print(Endurance what, int steps, double seconds, List<Double> resident, long heap)
            throws Exception {
        double early = Bench.median(resident.subList(3, 5));
        double late = Bench.median(resident.subList(8, TENTHS));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("strategy", what.title());
        line.put("steps", steps);
        line.put("seconds", Bench.rounded(seconds, 0));
        line.put("heapMaxMiB", heap);
        line.put("residentMiB", resident);
        line.put("residentEarlyMiB", Bench.rounded(early, 0));
        line.put("residentLateMiB", Bench.rounded(late, 0));
        line.put("residentGrowthPercent", Bench.rounded(100 * (late / early - 1), 1));
        System.out.println(EnduranceBench.ANSWER + new ObjectMapper().writeValueAsString(line));
    }
}
