package io.headwater.engine.device;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Describes everything that could change the bits that this process computes. */
public final class EngineInfo {
    /** The CPU instruction sets for which ND4J's binaries are built, by the number that they report. */
    private static final String[] BINARY_LEVELS = {"generic", "avx", "avx2", "avx512"};

    private EngineInfo() {}

    /**
     * Libraries, back end, instruction set, threads, Java and platform, each by a short name. The first call starts the
     * libraries and takes about a second; later calls return at once.
     */
    public static Map<String, String> current() {
        return Holder.INFO;
    }

    /**
     * The same, with the device of each part and the reason if one fell back.
     *
     * @param threads number of threads of one run of ONNX Runtime
     */
    public static Map<String, String> of(Devices devices, int threads) {
        Map<String, String> info = new TreeMap<>(current());
        putDevices(info, devices, threads);
        return Collections.unmodifiableMap(info);
    }

    /**
     * Everything other than the backbone on which the bits of features depend: the ONNX Runtime entries and the
     * processor.
     */
    public static Map<String, String> ofFeatures(Devices devices, int threads) {
        Map<String, String> info = new TreeMap<>();
        putDevices(info, devices, threads);
        info.keySet().removeIf(key -> !key.startsWith("onnxruntime."));
        info.put("onnxruntime.version", onnxRuntimeVersion());
        info.put("os", platform());
        info.put("processor", processor());
        return Collections.unmodifiableMap(info);
    }

    private static void putDevices(Map<String, String> info, Devices devices, int threads) {
        info.put("onnxruntime.device", devices.onnxRuntime().toString());
        info.put("onnxruntime.threads", String.valueOf(threads));
        info.put("nd4j.device", devices.nd4j().toString());
        if (devices.onnxRuntime() instanceof Device.Fallback fallback) {
            info.put("onnxruntime.fallback", fallback.reason());
        }
    }

    private static final class Holder {
        static final Map<String, String> INFO = Collections.unmodifiableMap(read());
    }

    private static Map<String, String> read() {
        Nd4jRuntime.start();
        Properties nd4j = Nd4j.getExecutioner().getEnvironmentInformation();
        NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
        Map<String, String> info = new TreeMap<>();
        info.put("nd4j.version", nd4jVersion());
        info.put("nd4j.backend", Nd4j.getBackend().getClass().getSimpleName());
        info.put("nd4j.binary", level(ops.binaryLevel()));
        info.put("nd4j.onednn", String.valueOf(EngineBuild.current().oneDnn()));
        info.put("nd4j.blas", String.valueOf(nd4j.get("blas.vendor")));
        info.put("nd4j.threads", String.valueOf(ops.ompGetMaxThreads()));
        info.put("onnxruntime.version", onnxRuntimeVersion());
        info.put("java.version", System.getProperty("java.version", ""));
        info.put("os", platform());
        info.put("cpus", String.valueOf(Runtime.getRuntime().availableProcessors()));
        return info;
    }

    private static String platform() {
        return System.getProperty("os.name", "") + " " + System.getProperty("os.arch", "");
    }

    /** The model and instruction sets of the first processor, by which libraries select their code. */
    private static String processor() {
        Pattern telling = Pattern.compile("(model name|flags|CPU part|Features)\\s*:.*");
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
            return lines.takeWhile(line -> !line.isEmpty())
                    .filter(line -> telling.matcher(line).matches())
                    .collect(Collectors.joining("\n"));
        } catch (IOException | UncheckedIOException e) {
            return "unknown"; // not Linux
        }
    }

    /** Read from the jar's manifest, so that the library is not started. */
    private static String onnxRuntimeVersion() {
        String version = OrtEnvironment.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    /** ND4J's manifest has no version, but the properties that Maven adds to the jar do. */
    private static String nd4jVersion() {
        try (InputStream file = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            if (file == null) {
                return "unknown";
            }
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown"; // it is information only
        }
    }

    private static String level(int level) {
        return level >= 0 && level < BINARY_LEVELS.length ? BINARY_LEVELS[level] : "level " + level;
    }
}
