package io.headwater.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Canonical texts of adaptations as former releases wrote them, which the lineage of their versions refers to. */
final class FormerCanonicalText {
    private FormerCanonicalText() {}

    /** Returns the text with the present names of its keys; as it is when it is no JSON object. */
    static String present(String text) {
        try {
            if (!(CanonicalAdaptation.JSON.readTree(text) instanceof ObjectNode root)) {
                return text;
            }
            JsonNode guard = root.remove("anchor");
            if (guard != null) {
                root.set("guard", guard);
            }
            if (root.get("promotion") instanceof ObjectNode promotion) {
                promotion.remove(List.of("minimum-samples", "margin", "anchor-drop"));
            }
            return CanonicalAdaptation.JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            return text;
        }
    }
}
