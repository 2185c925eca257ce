package io.headwater.engine.graph.convert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.headwater.engine.device.Nd4jRuntime;
import io.headwater.engine.graph.GraphModel;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads a Deeplearning4j zip as a graph model. Used only in the converter process, because the JSON in the zip names
 * classes to load.
 */
final class Dl4jReader {
    /** The only classes that a configuration may name. */
    private static final Pattern KNOWN = Pattern.compile("org\\.(deeplearning4j\\.nn\\.(conf|weights)"
            + "|nd4j\\.linalg\\.(activations|lossfunctions|learning|schedule))\\.[A-Za-z0-9_.$]+");

    private static final Set<String> NAMES = Set.of("@class", "class", "@type");

    private Dl4jReader() {}

    /**
     * Reads a zip.
     *
     * @param image height and width of the input, which a zip may not contain; null if the input is not an image
     * @param maxValues the maximum number of weights
     * @throws GraphException when the model is not supported; the message names the layer
     */
    static GraphModel read(Path path, @Nullable Size image, long maxValues) {
        ZipParts parts = ZipParts.read(path, maxValues);
        checkClasses(parts.configuration());
        Nd4jRuntime.start();
        ComputationGraph graph = graph(parts);
        List<String> inputs = graph.getConfiguration().getNetworkInputs();
        List<String> outputs = graph.getConfiguration().getNetworkOutputs();
        if (inputs.size() != 1 || outputs.size() != 1) {
            throw new GraphException(
                    "the model must have one input and one output, but has " + inputs + " and " + outputs);
        }
        GraphAssembly assembly = new GraphAssembly(inputs.get(0), Dl4jInput.shape(graph, inputs.get(0), image));
        Dl4jLayers layers = new Dl4jLayers(assembly);
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            if (!vertex.isInputVertex()) {
                String name = vertex.getVertexName();
                layers.add(
                        name,
                        Objects.requireNonNull(
                                graph.getConfiguration().getVertices().get(name)),
                        Objects.requireNonNull(
                                graph.getConfiguration().getVertexInputs().get(name)),
                        vertex.hasLayer() ? vertex.getLayer() : null);
            }
        }
        return assembly.build(outputs.get(0));
    }

    private static ComputationGraph graph(ZipParts parts) {
        INDArray flat = Nd4j.create(parts.coefficients(), new long[] {1, parts.coefficients().length}, 'c');
        try {
            if (parts.configuration().contains("\"networkInputs\"")) {
                ComputationGraphConfiguration configuration =
                        ComputationGraphConfiguration.fromJson(parts.configuration());
                ComputationGraph graph = new ComputationGraph(configuration);
                graph.init(flat, false);
                return graph;
            }
            MultiLayerNetwork network = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(parts.configuration()));
            network.init(flat, false);
            return network.toComputationGraph();
        } catch (RuntimeException e) {
            throw new GraphException(
                    "Deeplearning4j cannot make a network of the zip's configuration and " + parts.coefficients().length
                            + " weights: " + e.getMessage(),
                    e);
        }
    }

    private static void checkClasses(String json) {
        JsonFactory factory = new JsonFactoryBuilder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(200).build())
                .build();
        try (JsonParser parser = factory.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING
                        && NAMES.contains(String.valueOf(parser.currentName()))
                        && !KNOWN.matcher(parser.getText()).matches()) {
                    throw new GraphException("the configuration names the class '" + parser.getText()
                            + "', which is none of Deeplearning4j's layers; custom layers are not known here");
                }
            }
        } catch (IOException e) {
            throw new GraphException("the configuration must be JSON: " + e.getMessage(), e);
        }
    }
}
