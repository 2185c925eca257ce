package io.headwater.bench.serve;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures predictions of texts over HTTP under ten times the load that can be borne: how long those wait whose requests are accepted,
 * what memory it takes, and how soon it is over.
 */
final class OverloadBench {
    private static final int TIMES = 10;
    private static final int CALLERS = 64;

    private OverloadBench() {}

    /** Prints all results; with {@code --quick}, of a shorter time. */
    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        int requests = quick ? 200 : 1_000;
        int seconds = quick ? 5 : 60;
        Map<String, String> machine = Machine.facts();
        Map<String, Object> report = new LinkedHashMap<>();
        try (TextService service = TextService.open()) {
            Load.Got one = Load.run(service.address(), 1, requests);
            Load.Got many = Load.run(service.address(), CALLERS, requests);
            long heap = heap();
            long resident = resident();
            Flood.Got got = Flood.run(service.address(), TIMES * many.perSecond(), seconds);
            Bench.say("%s", got);
            Load.Got after = Load.run(service.address(), 1, requests);
            report.put("times", TIMES);
            report.put("seconds", seconds);
            report.put("sustainedPerSecond", many.perSecond());
            report.put("offeredPerSecond", got.offered());
            report.put("answered", got.answered());
            report.put("answeredPerSecond", Bench.rounded(got.answered() / (seconds + got.drained()), 1));
            report.put("refused", got.refused());
            report.put("notSent", got.notSent());
            report.put("failed", got.failed() + one.failed() + after.failed());
            report.put("median", got.median());
            report.put("p99", got.p99());
            report.put("longest", got.longest());
            report.put("drained", got.drained());
            report.put("medianBefore", one.median());
            report.put("medianAfter", after.median());
            report.put("heapBefore", heap);
            report.put("heapAfter", heap());
            report.put("residentBefore", resident);
            report.put("residentAfter", resident());
        }
        Bench.print("overload", report, machine);
    }

    /** What is in use after a collection, in MiB. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    /** What the process has in memory, in MiB. */
    private static long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }
}
