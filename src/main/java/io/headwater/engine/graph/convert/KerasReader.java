package io.headwater.engine.graph.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.engine.graph.GraphModel;
import io.headwater.engine.graph.layer.GraphException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a Keras {@code .h5} file as a graph model. Used only in the converter process. */
final class KerasReader {
    private KerasReader() {}

    /**
     * Reads a file.
     *
     * @param maxValues the maximum number of values of one tensor
     * @throws GraphException when the model is not supported; the message names the layer
     */
    static GraphModel read(Path path, long maxValues) {
        try (KerasFile file = new KerasFile(path, maxValues)) {
            JsonNode model = file.configuration();
            String type = model.path("class_name").asText();
            JsonNode config = model.path("config");
            return switch (type) {
                case "Functional", "Model" -> functional(file, config);
                case "Sequential" -> sequential(file, config.isArray() ? config : config.path("layers"));
                default ->
                    throw new GraphException("the model must be Functional or Sequential, but is '" + type
                            + "'; build it as one of them");
            };
        }
    }

    private static GraphModel functional(KerasFile file, JsonNode config) {
        List<KerasConfig> layers = new ArrayList<>();
        config.path("layers").forEach(layer -> layers.add(KerasConfig.of(layer)));
        List<KerasConfig> inputs = layers.stream()
                .filter(layer -> layer.type().equals("InputLayer"))
                .toList();
        JsonNode outputs = config.path("output_layers");
        JsonNode output = outputs.path(0).isArray() ? outputs.path(0) : outputs;
        if (inputs.size() != 1 || output.size() == 0 || (outputs.path(0).isArray() && outputs.size() != 1)) {
            throw new GraphException("the model must have one input and one output, but has " + inputs.size() + " and "
                    + outputs.size());
        }
        GraphAssembly graph = new GraphAssembly(inputs.get(0).name(), KerasInput.shape(inputs.get(0), layers));
        KerasLayers known = new KerasLayers(file, graph);
        for (KerasConfig layer : layers) {
            if (!layer.type().equals("InputLayer")) {
                known.add(layer, layer.inputs());
            }
        }
        return graph.build(output.path(0).asText());
    }

    private static GraphModel sequential(KerasFile file, JsonNode config) {
        List<KerasConfig> layers = new ArrayList<>();
        config.forEach(layer -> layers.add(KerasConfig.of(layer)));
        if (layers.isEmpty()) {
            throw new GraphException("the model has no layers");
        }
        KerasConfig first = layers.get(0);
        boolean own = first.type().equals("InputLayer");
        String below = own ? first.name() : first.name() + "-input";
        GraphAssembly graph = new GraphAssembly(below, KerasInput.shape(first, layers));
        KerasLayers known = new KerasLayers(file, graph);
        for (KerasConfig layer : layers.subList(own ? 1 : 0, layers.size())) {
            known.add(layer, List.of(below));
            below = layer.name();
        }
        return graph.build(below);
    }
}
