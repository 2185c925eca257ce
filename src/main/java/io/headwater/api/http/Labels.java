package io.headwater.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.domain.Label;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.PredictionRegion.Intervals;
import io.headwater.domain.PredictionRegion.TagSets;
import java.util.List;

/** Writes what is predicted as JSON. */
public final class Labels {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Labels() {}

    /** Returns a label: a class, an action or a transcript as a string, everything else as what it consists of. */
    public static JsonNode json(Label label) {
        if (label instanceof Label.MultiLabel multi) {
            return strings(List.copyOf(multi.names()));
        } else if (label instanceof Label.TokenTags tags) {
            ArrayNode words = JSON.arrayNode();
            for (int i = 0; i < tags.tokens().size(); i++) {
                words.addObject()
                        .put("token", tags.tokens().get(i))
                        .put("tag", tags.tags().get(i));
            }
            return words;
        } else if (label instanceof Label.AnswerSpan span) {
            return JSON.objectNode().put("start", span.start()).put("text", span.text());
        } else if (label instanceof Label.Values values) {
            ArrayNode numbers = JSON.arrayNode();
            for (float value : values.values()) {
                numbers.add(value);
            }
            return numbers;
        }
        return JSON.textNode(label.text());
    }

    /** Returns the outcomes that may be true. */
    public static ObjectNode json(PredictionRegion region) {
        ObjectNode json = JSON.objectNode().put("coverage", region.coverage());
        if (region instanceof ClassSet set) {
            json.set("classes", strings(set.names()));
        } else if (region instanceof TagSets sets) {
            ArrayNode words = json.putArray("tags");
            sets.words().forEach(tags -> words.add(strings(tags)));
        } else if (region instanceof Intervals intervals) {
            ArrayNode values = json.putArray("intervals");
            intervals
                    .values()
                    .forEach(one -> values.addObject().put("low", one.low()).put("high", one.high()));
        }
        return json;
    }

    private static ArrayNode strings(List<String> names) {
        ArrayNode array = JSON.arrayNode();
        names.forEach(array::add);
        return array;
    }
}
