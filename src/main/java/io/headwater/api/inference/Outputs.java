package io.headwater.api.inference;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.api.http.Labels;
import io.headwater.domain.Label;
import io.headwater.domain.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The tensors of an answer: its label, its probabilities by class, its numbers, and what may be true. */
final class Outputs {
    static final String LABEL = "label";
    static final String CLASSES = "classes";
    static final String PROBABILITIES = "probabilities";
    static final String VALUES = "values";
    static final String PREDICTION_SET = "prediction_set";

    private Outputs() {}

    /** Returns the tensors of predictions by one version, at least one. */
    static List<OutputTensor> of(List<Prediction> predictions) {
        int rows = predictions.size();
        List<OutputTensor> outputs = new ArrayList<>();
        outputs.add(new OutputTensor.Texts(
                LABEL,
                List.of(rows),
                predictions.stream().map(one -> text(Labels.json(one.answer()))).toList()));
        List<String> classes = List.copyOf(predictions.get(0).probabilities().keySet());
        if (!classes.isEmpty()) {
            outputs.add(new OutputTensor.Texts(CLASSES, List.of(classes.size()), classes));
            float[] probabilities = new float[rows * classes.size()];
            for (int i = 0; i < probabilities.length; i++) {
                probabilities[i] = Objects.requireNonNullElse(
                        predictions.get(i / classes.size()).probabilities().get(classes.get(i % classes.size())), 0f);
            }
            outputs.add(new OutputTensor.Floats(PROBABILITIES, List.of(rows, classes.size()), probabilities));
        }
        if (predictions.get(0).answer() instanceof Label.Values first) {
            int width = first.values().length;
            float[] values = new float[rows * width];
            for (int row = 0; row < rows; row++) {
                float[] one = ((Label.Values) predictions.get(row).answer()).values();
                System.arraycopy(one, 0, values, row * width, width);
            }
            outputs.add(new OutputTensor.Floats(VALUES, List.of(rows, width), values));
        }
        if (predictions.stream().allMatch(one -> one.region() != null)) {
            outputs.add(new OutputTensor.Texts(
                    PREDICTION_SET,
                    List.of(rows),
                    predictions.stream()
                            .map(one -> Labels.json(Objects.requireNonNull(one.region()))
                                    .toString())
                            .toList()));
        }
        return outputs;
    }

    /** Returns a string as it is, and everything else as JSON. */
    private static String text(JsonNode label) {
        return label.isTextual() ? label.textValue() : label.toString();
    }
}
