package io.headwater.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.CheckpointConfig;
import io.headwater.config.TaskKind;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Common code of the benchmarks. */
public final class Bench {
    private Bench() {}

    /** Prints one JSON object with the measurements and the machine. */
    public static void print(String name, Map<String, Object> measured, Map<String, String> machine)
            throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("name", name);
        report.putAll(measured);
        report.put("machine", machine);
        System.out.println(
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report));
    }

    /** Returns whether {@code args} request a quick trial run. */
    public static boolean isQuick(String[] args) {
        return List.of(args).contains("--quick");
    }

    /** Returns the number of seeds that {@code args} request as --seeds=N; {@code usual} if they request none. */
    public static int seeds(String[] args, int usual) {
        return Stream.of(args)
                .filter(argument -> argument.startsWith("--seeds="))
                .map(argument -> Integer.valueOf(argument.substring(argument.indexOf('=') + 1)))
                .findFirst()
                .orElse(usual);
    }

    /** Returns a text adaptation with default settings except for its name and checkpoint settings. */
    public static AdaptationConfig adaptation(String name, CheckpointConfig checkpoint) {
        return AdaptationConfig.of(name, TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withLabels(Sentences.LABELS)
                .withCheckpoint(checkpoint);
    }

    /** Returns the median of {@code values}, the mean of the two middle values if their number is even. */
    public static double median(Collection<Double> values) {
        return quantile(values, 0.5);
    }

    /** Returns the interpolated quantile of {@code values}. */
    public static double quantile(Collection<Double> values, double share) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** Rounds {@code value} to a number of decimals. */
    public static double rounded(double value, int decimals) {
        double scale = Math.pow(10, decimals);
        return Math.round(value * scale) / scale;
    }

    public static void say(String format, Object... arguments) {
        System.err.println(String.format(format, arguments));
    }
}
