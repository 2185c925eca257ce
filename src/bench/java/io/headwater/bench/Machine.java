package io.headwater.bench;

import com.sun.management.OperatingSystemMXBean;
import io.headwater.engine.device.EngineInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The machine that a benchmark runs on. */
public final class Machine {
    private Machine() {}

    /** Returns processor, memory, load, Java version and libraries. */
    public static Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>(EngineInfo.current());
        facts.put("cpu", line("/proc/cpuinfo", "model name"));
        facts.put("memory", line("/proc/meminfo", "MemTotal"));
        facts.put("load.before", first("/proc/loadavg"));
        facts.put("heap.max", (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        return facts;
    }

    /** Returns the processor time of all threads of this process in seconds. */
    public static double processorSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    /** Returns the resident set size of this process in MiB, or 0 if the system does not provide it. */
    public static long residentMiB() {
        String kilobytes = line("/proc/self/status", "VmRSS").replaceAll("\\D", "");
        return kilobytes.isEmpty() ? 0 : Long.parseLong(kilobytes) >> 10;
    }

    /** Returns the peak of {@link #residentMiB} since the process began or {@link #forgetPeak} was called. */
    public static long peakResidentMiB() {
        String kilobytes = line("/proc/self/status", "VmHWM").replaceAll("\\D", "");
        return kilobytes.isEmpty() ? 0 : Long.parseLong(kilobytes) >> 10;
    }

    /** Resets {@link #peakResidentMiB}. */
    public static void forgetPeak() throws IOException {
        // See proc(5).
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    }

    private static String line(String file, String key) {
        return lines(file).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static String first(String file) {
        return lines(file).stream().findFirst().orElse("");
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
