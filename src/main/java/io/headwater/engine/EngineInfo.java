package io.headwater.engine;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What could change the bits that this process computes. */
public final class EngineInfo {
    /** The CPU instruction sets that ND4J's binaries are made for, by the number that they report. */
    private static final String[] BINARY_LEVELS = {"generic", "avx", "avx2", "avx512"};

    private EngineInfo() {}

    /**
     * Libraries, back end, instruction set, threads, Java and platform, each by a short name. The first call starts the
     * libraries and takes about a second; later ones are free.
     */
    public static Map<String, String> current() {
        return Holder.INFO;
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
        info.put("nd4j.blas", String.valueOf(nd4j.get("blas.vendor")));
        info.put("nd4j.threads", String.valueOf(ops.ompGetMaxThreads()));
        // From the jar's manifest, so that asking starts nothing.
        String onnxRuntime = OrtEnvironment.class.getPackage().getImplementationVersion();
        info.put("onnxruntime.version", onnxRuntime == null ? "unknown" : onnxRuntime);
        info.put("java.version", System.getProperty("java.version", ""));
        info.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
        info.put("cpus", String.valueOf(Runtime.getRuntime().availableProcessors()));
        return info;
    }

    /** ND4J's manifest has no version; what Maven leaves in the jar has. */
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
