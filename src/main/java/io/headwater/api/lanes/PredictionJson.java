package io.headwater.api.lanes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.http.Labels;
import io.headwater.domain.Prediction;
import io.headwater.domain.PredictionRegion;
import java.util.Locale;

/** Writes predictions as JSON. */
final class PredictionJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PredictionJson() {}

    /** Returns a prediction for a request to {@code adaptation}. */
    static ObjectNode of(String adaptation, Prediction prediction) {
        ObjectNode json = JSON.objectNode();
        json.put("id", prediction.requestId());
        json.put("lane", adaptation + "/" + prediction.domain());
        json.set("prediction", Labels.json(prediction.answer()));
        if (!prediction.probabilities().isEmpty()) {
            ObjectNode probabilities = json.putObject("probabilities");
            prediction.probabilities().forEach(probabilities::put);
        }
        PredictionRegion region = prediction.region();
        if (region != null) {
            json.set("predictionSet", Labels.json(region));
        }
        json.put("abstain", prediction.abstain());
        json.put("version", prediction.version().number());
        json.put("servedBy", prediction.version().lane().key());
        json.put("artifact", prediction.version().artifact().hex());
        json.put("adapted", prediction.adapted().name().toLowerCase(Locale.ROOT));
        json.put("at", prediction.at().toString());
        return json;
    }
}
