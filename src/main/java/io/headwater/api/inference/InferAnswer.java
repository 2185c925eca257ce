package io.headwater.api.inference;

import io.headwater.api.http.Problem;
import io.headwater.api.inference.Models.Model;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The answer to a request for an inference, by one version.
 *
 * @param model name of the model
 * @param version number of the version that answered
 * @param servedBy the lane of this version
 * @param outputs those that the caller wants
 */
record InferAnswer(String model, long version, String servedBy, List<OutputTensor> outputs) {

    /**
     * Returns what must be asked to answer a request, a request for each row.
     *
     * @throws Problem.Raised when one of them cannot be used
     */
    static List<Request> requests(Model model, InferRequest infer) {
        List<Payload> payloads = InputRows.of(infer.inputs());
        List<Request> requests = new ArrayList<>();
        for (int row = 0; row < payloads.size(); row++) {
            String id = infer.id() != null && payloads.size() == 1
                    ? infer.id()
                    : UUID.randomUUID().toString();
            Outcome<Request> checked = model.desk()
                    .check(new Request(
                            id,
                            payloads.get(row),
                            Instant.now(),
                            model.desk().adaptation().name()));
            requests.add(orProblem(checked, row, payloads.size()));
        }
        return requests;
    }

    /**
     * Returns the answer with the predictions for all rows.
     *
     * @throws Problem.Raised when one row has none, or when the caller wants an output that there is not
     */
    static InferAnswer of(Model model, InferRequest infer, List<Outcome<Prediction>> outcomes) {
        List<Prediction> predictions = new ArrayList<>();
        for (int row = 0; row < outcomes.size(); row++) {
            predictions.add(orProblem(outcomes.get(row), row, outcomes.size()));
        }
        List<OutputTensor> outputs = Outputs.of(predictions).stream()
                .filter(output -> infer.wants(output.name()))
                .toList();
        requireKnown(infer, outputs);
        Prediction first = predictions.get(0);
        return new InferAnswer(
                model.name(), first.version().number(), first.version().lane().key(), outputs);
    }

    private static <T> T orProblem(Outcome<T> outcome, int row, int rows) {
        if (outcome instanceof Outcome.Rejected<T> rejected) {
            Problem problem = Problem.of(rejected.rejection());
            throw (rows == 1 ? problem : problem.in("row " + row)).raised();
        }
        return ((Outcome.Ok<T>) outcome).value();
    }

    private static void requireKnown(InferRequest infer, List<OutputTensor> outputs) {
        if (infer.outputs() == null) {
            return;
        }
        Set<String> unknown = new HashSet<>(infer.outputs().keySet());
        outputs.forEach(output -> unknown.remove(output.name()));
        if (!unknown.isEmpty()) {
            throw Problem.malformed(
                            "the answer does not have all outputs of %s; the metadata of the model says which there are"
                                    .formatted(infer.outputs().keySet()))
                    .raised();
        }
    }
}
