package io.headwater.bench.top;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Compares the gradients of whole tops between Headwater and PyTorch. Fails if they differ by more than the tolerance.
 */
final class GradientsBench {
    private static final List<TopCase> CASES =
            List.of(TopCase.MINILM_2, TopCase.RESNET, TopCase.INCEPTION, TopCase.GPT2, TopCase.SQUEEZENET);
    private static final double TOLERANCE = 1e-4;
    // Some gradients consist only of rounding errors, such as that of a bias that does not affect the softmax after
    // it.
    private static final double NOTHING = 1e-4;

    private GradientsBench() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> machine = Machine.facts();
        List<Map<String, Object>> tops = new ArrayList<>();
        for (TopCase top : CASES) {
            if (top.isThere()) {
                tops.add(compare(top));
            }
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("tolerance", TOLERANCE);
        report.put("tops", tops);
        Bench.print("gradients", report, machine);
    }

    private static Map<String, Object> compare(TopCase top) throws Exception {
        Path folder = FineTuneBench.FOLDER.resolve(top.name());
        TopFixture.prepare(top, folder);
        Map<String, Tensor> ours = gradients(TopEngines.HEADWATER, top, folder);
        Map<String, Tensor> theirs = gradients(TopEngines.PYTORCH, top, folder);
        if (!ours.keySet().equals(theirs.keySet())) {
            throw new IllegalStateException("the gradients of " + top + " must have the names " + ours.keySet()
                    + ", but PyTorch has " + theirs.keySet());
        }
        double all = Math.sqrt(theirs.values().stream()
                .mapToDouble(tensor -> square(floats(tensor)))
                .sum());
        double squares = 0;
        double worst = 0;
        String where = "";
        long values = 0;
        for (Map.Entry<String, Tensor> each : theirs.entrySet()) {
            float[] expected = floats(each.getValue());
            float[] difference =
                    floats(Objects.requireNonNull(ours.get(each.getKey()))).clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= expected[i];
            }
            double share = Math.sqrt(square(difference)) / Math.max(Math.sqrt(square(expected)), NOTHING * all);
            if (!(share <= worst)) {
                worst = share;
                where = each.getKey();
            }
            squares += square(difference);
            values += expected.length;
        }
        Bench.say("%s all=%.2e worst=%.2e at %s", top, Math.sqrt(squares) / all, worst, where);
        if (!(worst <= TOLERANCE)) {
            throw new IllegalStateException("the gradient of " + top + " by " + where
                    + " must be PyTorch's within a share of " + TOLERANCE + ", but differs by " + worst);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("top", top.title());
        report.put("parameters", theirs.size());
        report.put("values", values);
        report.put("difference", scientific(Math.sqrt(squares) / all));
        report.put("worst", scientific(worst));
        report.put("worstAt", where);
        return report;
    }

    private static Map<String, Tensor> gradients(TopEngines engine, TopCase top, Path folder) throws Exception {
        Path file = folder.resolve(engine + ".safetensors");
        try (TopProcess process = engine.start(top, folder)) {
            process.gradients(file);
        }
        return Safetensors.read(Files.readAllBytes(file)).tensors();
    }

    private static float[] floats(Tensor tensor) {
        if (tensor instanceof Tensor.F32 floats) {
            return floats.values();
        }
        throw new IllegalStateException("a gradient must be of 32-bit floats, but is " + tensor);
    }

    private static double square(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
