package io.headwater.bench.soak;

import io.headwater.bench.Bench;
import io.headwater.bench.Folders;
import io.headwater.bench.Machine;
import io.headwater.bench.soak.SoakPlan.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills and pauses trainers, predictors and brokers in processes of their own at random, fills the disk of the store and takes the
 * store away, and verifies from the topics and the store what was lost or done twice. The seed determines the order of faults and
 * the lengths of pauses; the processes run as they do, so that two runs with the same seed are not the same.
 *
 * <p>Options: {@code --seed=N}, {@code --kills=N}, {@code --minutes=N} after which no fault is begun, {@code --quick}.
 */
final class SoakBench {
    private static final int KILLS_A_ROUND = 100;

    private SoakBench() {}

    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        long seed = option(args, "seed", new Random().nextInt(1_000_000));
        int kills = (int) option(args, "kills", quick ? 12 : 200);
        long minutes = option(args, "minutes", quick ? 10 : 60);
        Bench.say("soak: seed=%d kills=%d minutes=%d", seed, kills, minutes);
        Map<String, String> machine = Machine.facts();
        Path folder = Files.createTempDirectory("headwater-soak-");
        Bench.say("soak: folder=%s", folder);
        SoakInstallation installation = new SoakInstallation(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(installation)));
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("seed", seed);
        boolean clean;
        try (Soak soak = new Soak(installation, seed)) {
            long began = System.nanoTime();
            installation.start();
            soak.warmUp();
            int rounds = Math.max(1, kills / KILLS_A_ROUND);
            for (Phase phase : SoakPlan.of(kills, rounds, new Random(seed)).phases()) {
                soak.run(phase, began + TimeUnit.MINUTES.toNanos(minutes));
            }
            report.put("minutes", Bench.rounded((System.nanoTime() - began) / 60e9, 1));
            report.putAll(soak.report());
            clean = soak.isClean();
        }
        Bench.print("soak", report, machine);
        close(installation);
        if (clean) {
            Folders.delete(folder);
        } else {
            Bench.say("soak: not everything is zero; the logs of the processes are in %s", folder);
        }
        System.exit(clean ? 0 : 1);
    }

    private static synchronized void close(SoakInstallation installation) {
        try {
            installation.close();
        } catch (Exception e) {
            Bench.say("soak: cannot clean up: %s", e);
        }
    }

    private static long option(String[] args, String name, long otherwise) {
        String prefix = "--" + name + "=";
        return Stream.of(args)
                .filter(arg -> arg.startsWith(prefix))
                .map(arg -> Long.parseLong(arg.substring(prefix.length())))
                .findFirst()
                .orElse(otherwise);
    }
}
