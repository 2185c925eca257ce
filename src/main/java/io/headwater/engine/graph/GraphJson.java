package io.headwater.engine.graph;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Operation;
import io.headwater.engine.graph.layer.Shape;

/**
 * Reads and writes the architecture of a graph model as JSON. Parsing is strict and limits nesting. The JSON contains
 * no Java class names, only the names of the closed sets {@link Operation} and {@link Shape}.
 */
final class GraphJson {
    private static final int MAX_NESTING = 20;
    private static final JsonMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private GraphJson() {}

    /** A graph model without its weights. */
    record Architecture(GraphModel.Input input, java.util.List<GraphModel.Vertex> vertices, String output) {}

    static Architecture read(String json) {
        try {
            return JSON.readValue(json, Architecture.class);
        } catch (JsonProcessingException e) {
            throw new GraphException("the graph is not what it should be: " + e.getMessage(), e);
        }
    }

    static String write(Architecture graph) {
        try {
            return JSON.writeValueAsString(graph);
        } catch (JsonProcessingException e) {
            throw new GraphException("the graph cannot be written: " + e.getMessage(), e);
        }
    }
}
