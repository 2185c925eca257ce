package io.headwater.engine.inspect;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.graph.GraphCut;
import io.headwater.engine.graph.GraphModel;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.inspect.ModelInspection.BlockInfo;
import io.headwater.engine.inspect.ModelInspection.CutInfo;
import io.headwater.engine.inspect.ModelInspection.InputInfo;
import io.headwater.engine.inspect.ModelInspection.OutputInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Inspects graph models. */
public final class GraphInspector {
    private final GraphModel model;
    private final List<GraphCut.Cut> cuts;

    private GraphInspector(GraphModel model) {
        this.model = model;
        cuts = GraphCut.cuts(model);
    }

    /**
     * Returns what {@code file} contains.
     *
     * @param format the format that it was converted from
     * @throws io.headwater.engine.graph.layer.GraphException when the file is not a graph model
     */
    public static ModelInspection inspect(Path file, String format) {
        try {
            return new GraphInspector(GraphModel.read(Files.readAllBytes(file))).inspection(format);
        } catch (IOException e) {
            throw new UncheckedIOException("model file '" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private ModelInspection inspection(String format) {
        String feature = feature();
        Pooling pooling = shape(feature) instanceof Shape.Features ? Pooling.NONE : Pooling.MEAN;
        Map<String, Integer> operators = new TreeMap<>();
        model.vertices()
                .forEach(vertex -> operators.merge(vertex.operation().getClass().getSimpleName(), 1, Integer::sum));
        long all = model.vertices().stream()
                .mapToLong(vertex -> model.parameters(vertex.name()))
                .sum();
        return new ModelInspection(
                format,
                "graph",
                0,
                List.of(input()),
                List.of(new OutputInfo(model.output(), "float", sizes(shape(model.output())))),
                all,
                operators,
                blocks(feature, pooling),
                cuts.stream()
                        .map(cut -> new CutInfo(
                                cut.name(),
                                sizes(cut.shape()),
                                cut.parametersAbove(),
                                all == 0 ? 0 : (double) cut.parametersAbove() / all))
                        .toList(),
                feature,
                pooling.name().toLowerCase(Locale.ROOT),
                0,
                0,
                List.of(),
                "");
    }

    private InputInfo input() {
        Shape shape = model.input().shape();
        boolean text = shape instanceof Shape.Tokens;
        boolean image = shape instanceof Shape.Image of
                && (of.channels() == 3 || of.channels() == 1 && of.height() == of.width());
        InputRole role = text ? InputRole.IDS : image ? InputRole.IMAGE : InputRole.TENSOR;
        return new InputInfo(model.input().name(), text ? "int64" : "float", sizes(shape), role.key());
    }

    /**
     * Returns the last vertex below the classifier that separates the model, or the output if there is no classifier.
     */
    private String feature() {
        boolean classifier =
                Objects.requireNonNull(model.vertex(model.output())).operation() instanceof Dense;
        if (classifier) {
            for (int i = cuts.size() - 1; i >= 0; i--) {
                if (cuts.get(i).parametersAbove() > 0) {
                    return cuts.get(i).name();
                }
            }
        }
        return model.output();
    }

    private List<BlockInfo> blocks(String feature, Pooling pooling) {
        List<BlockInfo> blocks = new ArrayList<>();
        long above = above(feature);
        for (String below : GraphCut.blocks(model, feature, pooling)) {
            blocks.add(new BlockInfo("above " + below, above(below) - above, below, ""));
            above = above(below);
        }
        return blocks;
    }

    private long above(String vertex) {
        return cuts.stream()
                .filter(cut -> cut.name().equals(vertex))
                .mapToLong(GraphCut.Cut::parametersAbove)
                .findFirst()
                .orElse(0);
    }

    private Shape shape(String vertex) {
        return Objects.requireNonNull(model.shapes().get(vertex));
    }

    private static List<Object> sizes(Shape shape) {
        List<Object> sizes = new ArrayList<>(List.of("batch"));
        if (shape instanceof Shape.Image image) {
            sizes.addAll(List.of((long) image.channels(), (long) image.height(), (long) image.width()));
        } else if (shape instanceof Shape.Sequence sequence) {
            sizes.addAll(List.of((long) sequence.steps(), (long) sequence.width()));
        } else {
            sizes.add((long) shape.size());
        }
        return sizes;
    }
}
