package io.headwater.bench.models;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.bench.Bench;
import io.headwater.bench.PlainModel;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TextInput;
import io.headwater.engine.ModelInput;
import io.headwater.engine.runtime.TwoParts;
import io.headwater.engine.runtime.TwoParts.Said;
import io.headwater.engine.weights.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares a base model divided in two parts with the original file, at every cut. A difference is the largest
 * difference between two values, relative to the largest value of that input's output.
 */
final class CutParity {
    private static final int MAX_MODEL_BYTES = 1 << 30;

    private final BaseModelManifest whole;
    private final boolean graph;
    private final boolean half;
    private final List<ModelInput> random;
    private final List<ModelInput> real;

    private CutParity(BaseModelManifest whole, List<ModelInput> random, List<ModelInput> real) {
        this.whole = whole;
        this.random = random;
        this.real = real;
        graph = TwoParts.isGraph(whole);
        half = TwoParts.isHalf(whole);
    }

    /**
     * Compares.
     *
     * @param inspected the output of {@code models inspect --json}
     * @param every compares only every {@code every}-th cut
     */
    static Map<String, Object> of(
            BaseModelManifest manifest, JsonNode inspected, List<ModelInput> random, List<ModelInput> real, int every)
            throws OrtException {
        return new CutParity(whole(manifest, inspected), random, real).all(inspected, every);
    }

    /** Returns the manifest with the model's output as its features. */
    static BaseModelManifest whole(BaseModelManifest manifest, JsonNode inspected) {
        JsonNode cuts = inspected.get("cuts");
        JsonNode last = cuts.get(cuts.size() - 1);
        JsonNode output = inspected.get("outputs").get(0);
        boolean graph = TwoParts.isGraph(manifest);
        return new BaseModelManifest(
                manifest.name(),
                manifest.licence(),
                manifest.family(),
                manifest.model(),
                manifest.files(),
                manifest.input(),
                (graph ? output : last).get("name").asText(),
                List.of(),
                pooling(manifest, (graph ? output : last).get("shape")),
                false);
    }

    private static Pooling pooling(BaseModelManifest manifest, JsonNode shape) {
        int wide = 0;
        for (int axis = 1; axis < shape.size(); axis++) {
            wide += shape.get(axis).asText().equals("1") ? 0 : 1;
        }
        if (shape.size() <= 2 || wide <= 1) {
            return Pooling.NONE;
        }
        return manifest.input() instanceof TextInput text && !text.past().isEmpty() ? Pooling.LAST : Pooling.MEAN;
    }

    private Map<String, Object> all(JsonNode inspected, int every) throws OrtException {
        List<ModelInput> all = new ArrayList<>(random);
        all.addAll(real);
        float[][] expected = reference(all);
        Worst worst = new Worst();
        Map<String, Integer> refused = new TreeMap<>();
        Map<String, Integer> frozen = new TreeMap<>();
        List<String> cuts = new ArrayList<>();
        inspected.get("cuts").forEach(cut -> cuts.add(cut.get("name").asText()));
        int compared = 0;
        for (int i = 0; i < cuts.size(); i++) {
            if (i % every != 0 && i != cuts.size() - 1) {
                continue;
            }
            String cut = cuts.get(i);
            try {
                Said predicted = TwoParts.features(whole, cut, all);
                worst.add(cut, ofRandom(predicted.rows(), expected), ofReal(predicted.rows(), expected));
                if (half) {
                    byte[] exported = TwoParts.untrained(whole, cut, expected[0].length);
                    worst.addSamePrecision(difference(predicted.rows(), features(exported, true, all)));
                }
                if (!predicted.fault().isEmpty()) {
                    frozen.merge(Told.kind(predicted.fault()), 1, Integer::sum);
                }
                compared++;
            } catch (RuntimeException e) {
                Bench.say("%s cut=%s %s", whole.name(), cut, e);
                refused.merge(Told.kind(e), 1, Integer::sum);
            }
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("cuts", cuts.size());
        report.put("compared", compared);
        report.put("random", Told.scientific(worst.random));
        report.put("real", Told.scientific(worst.real));
        report.put("worstAt", worst.cut);
        report.put("above1e-4", worst.above);
        report.put("unit", Told.scientific(half ? 0x1p-11 : 0x1p-24));
        if (!graph) {
            report.put("own", Told.scientific(difference(unoptimised(all), expected)));
        }
        if (half) {
            report.put("samePrecision", Told.scientific(worst.samePrecision));
        }
        report.put("nothingLearns", frozen);
        report.put("refused", refused);
        return report;
    }

    private double ofRandom(float[][] actual, float[][] expected) {
        return difference(Arrays.copyOf(actual, random.size()), Arrays.copyOf(expected, random.size()));
    }

    private double ofReal(float[][] actual, float[][] expected) {
        return difference(
                Arrays.copyOfRange(actual, random.size(), actual.length),
                Arrays.copyOfRange(expected, random.size(), expected.length));
    }

    /** The largest differences so far. */
    private static final class Worst {
        private double random;
        private double real;
        private double samePrecision;
        private String cut = "";
        private int above;

        void add(String at, double ofRandom, double ofReal) {
            if (cut.isEmpty() || Math.max(ofRandom, ofReal) > Math.max(random, real)) {
                cut = at;
            }
            random = Math.max(random, ofRandom);
            real = Math.max(real, ofReal);
            above += Math.max(ofRandom, ofReal) > 1e-4 ? 1 : 0;
        }

        void addSamePrecision(double difference) {
            samePrecision = Math.max(samePrecision, difference);
        }
    }

    /** Returns the output of the original file, or of an undivided graph model. */
    private float[][] reference(List<ModelInput> inputs) throws OrtException {
        return graph
                ? TwoParts.wholeGraph(whole, inputs)
                : features(ModelFiles.read(whole.model(), MAX_MODEL_BYTES), false, inputs);
    }

    /** Returns the output of the original file without optimisations of its graph, which differs by its own rounding errors. */
    private float[][] unoptimised(List<ModelInput> inputs) throws OrtException {
        return features(ModelFiles.read(whole.model(), MAX_MODEL_BYTES), false, inputs, OptLevel.NO_OPT);
    }

    private float[][] features(byte[] model, boolean exported, List<ModelInput> inputs) throws OrtException {
        return features(model, exported, inputs, OptLevel.ALL_OPT);
    }

    private float[][] features(byte[] model, boolean exported, List<ModelInput> inputs, OptLevel optimisations)
            throws OrtException {
        try (PlainModel plain = new PlainModel(model, whole.input(), optimisations)) {
            // In an exported file, the features are the last output, regardless of its name.
            String name = exported ? plain.outputs().get(plain.outputs().size() - 1) : whole.cut();
            float[][] rows = new float[inputs.size()][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = pooled(plain.run(inputs.get(i), name));
            }
            return rows;
        }
    }

    /**
     * Returns the difference between the features of an exported untrained version in plain ONNX Runtime and those of
     * the original file.
     */
    static double exported(BaseModelManifest whole, String cut, List<ModelInput> inputs) throws OrtException {
        CutParity parity = new CutParity(whole, inputs, inputs);
        float[][] expected = parity.reference(inputs);
        return difference(parity.features(TwoParts.untrained(whole, cut, expected[0].length), true, inputs), expected);
    }

    /**
     * Returns the largest difference of any probability between an exported file in plain ONNX Runtime and {@code
     * own}.
     */
    static double absolute(Path exported, BaseModelManifest manifest, List<ModelInput> inputs, float[][] own)
            throws OrtException, IOException {
        return absolute(probabilities(exported, manifest, inputs, OptLevel.ALL_OPT), own);
    }

    /**
     * Returns by how much ONNX Runtime's own optimisations change the probabilities of an exported file, which is much where
     * operators on integers are joined.
     */
    static double optimisations(Path exported, BaseModelManifest manifest, List<ModelInput> inputs)
            throws OrtException, IOException {
        return absolute(
                probabilities(exported, manifest, inputs, OptLevel.ALL_OPT),
                probabilities(exported, manifest, inputs, OptLevel.NO_OPT));
    }

    private static float[][] probabilities(
            Path exported, BaseModelManifest manifest, List<ModelInput> inputs, OptLevel optimisations)
            throws OrtException, IOException {
        try (PlainModel plain = new PlainModel(Files.readAllBytes(exported), manifest.input(), optimisations)) {
            float[][] predicted = new float[inputs.size()][];
            for (int i = 0; i < predicted.length; i++) {
                predicted[i] = plain.run(inputs.get(i), "probabilities").values();
            }
            return predicted;
        }
    }

    static double absolute(float[][] actual, float[][] expected) {
        double worst = 0;
        for (int row = 0; row < expected.length; row++) {
            for (int i = 0; i < expected[row].length; i++) {
                double difference = Math.abs((double) actual[row][i] - expected[row][i]);
                worst = difference <= worst ? worst : difference;
            }
        }
        return worst;
    }

    private float[] pooled(PlainModel.Output output) {
        long[] shape = output.shape();
        float[] values = output.values();
        if (whole.pooling() == Pooling.NONE) {
            return values;
        }
        boolean planar = whole.input() instanceof ImageInput image && image.layout() == ImageLayout.NCHW;
        int width = (int) (planar ? shape[1] : shape[shape.length - 1]);
        int places = values.length / width;
        float[] pooled = new float[width];
        for (int feature = 0; feature < width; feature++) {
            double sum = 0;
            for (int place = 0; place < places; place++) {
                sum += values[planar ? feature * places + place : place * width + feature];
            }
            pooled[feature] =
                    whole.pooling() == Pooling.MEAN ? (float) (sum / places) : values[(places - 1) * width + feature];
        }
        return pooled;
    }

    /** Returns the largest difference of any row; infinite if a value is NaN or rows differ in length. */
    static double difference(float[][] actual, float[][] expected) {
        double worst = 0;
        for (int row = 0; row < expected.length; row++) {
            double largest = Float.MIN_NORMAL;
            double apart = 0;
            if (actual[row].length != expected[row].length) {
                return Double.POSITIVE_INFINITY;
            }
            for (int i = 0; i < expected[row].length; i++) {
                largest = Math.max(largest, Math.abs(expected[row][i]));
                double difference = Math.abs((double) actual[row][i] - expected[row][i]);
                apart = difference <= apart ? apart : difference;
            }
            double share = apart / largest;
            worst = share <= worst ? worst : share;
        }
        return Double.isNaN(worst) ? Double.POSITIVE_INFINITY : worst;
    }
}
