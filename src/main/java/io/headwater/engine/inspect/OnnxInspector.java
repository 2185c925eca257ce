package io.headwater.engine.inspect;

import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.BackboneException;
import io.headwater.engine.inspect.FeatureTrials.Found;
import io.headwater.engine.inspect.ModelInspection.BlockInfo;
import io.headwater.engine.inspect.ModelInspection.CutInfo;
import io.headwater.engine.inspect.ModelInspection.InputInfo;
import io.headwater.engine.inspect.ModelInspection.OutputInfo;
import io.headwater.engine.onnx.Blocks;
import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.Cuts;
import io.headwater.engine.onnx.DequantizedTensors;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.runtime.TensorInfos;
import io.headwater.engine.runtime.TrialShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto.DataType;

/** Inspects ONNX files. */
public final class OnnxInspector {
    /** The maximum total size of a model's files. */
    static final int MAX_BYTES = 1 << 30;

    private static final Set<Integer> FLOATS =
            Set.of(DataType.FLOAT_VALUE, DataType.FLOAT16_VALUE, DataType.DOUBLE_VALUE, DataType.BFLOAT16_VALUE);

    private static final Pattern POSITIONS = Pattern.compile("position_?embedding|\\bwpe\\b");

    private final ModelProto model;
    private final List<String> files;
    private final OnnxGraph graph;
    private final Map<String, InputRole> roles;
    private final TensorInfos infos;
    private final String output;
    private final List<Cut> cuts;
    private final List<InputInfo> inputs = new ArrayList<>();
    private final Map<String, List<Object>> shapes;

    private OnnxInspector(ModelProto model, Collection<String> files) {
        this.model = model;
        this.files = List.copyOf(files);
        graph = OnnxGraph.of(model.getGraph());
        TensorInfos declared = TensorInfos.of(model, List.of());
        roles = InputRole.of(declared.inputs(), declared.computed(), new CarriedStates(graph));
        if (sample().isEmpty()) {
            throw new OnnxException(
                    "the model must have an input for a sample, which is token ids [batch, tokens] or floating-point"
                            + " numbers, but its inputs are "
                            + (declared.inputs().isEmpty() ? "none" : described(declared.inputs()))
                            + "; export it with such an input");
        }
        output = new OutputChoice(graph, sample()).name();
        cuts = Cuts.of(graph, sample(), List.of(output));
        Set<String> tensors = new LinkedHashSet<>(numbersBehindQuantised());
        cuts.forEach(cut -> tensors.addAll(cut.tensors()));
        infos = TensorInfos.of(model, tensors);
        infos.inputs()
                .forEach((name, info) ->
                        inputs.add(InputInfo.of(name, info, roles.getOrDefault(name, InputRole.ZEROS))));
        shapes = shapes();
    }

    /**
     * Returns what {@code file} contains.
     *
     * @throws OnnxException when the file is not a usable ONNX model, or none of its outputs depends on a sample
     * @throws BackboneException when ONNX Runtime cannot load the model
     */
    public static ModelInspection inspect(Path file) {
        byte[] bytes;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new OnnxException("model file '" + file + "' may have at most " + MAX_BYTES + " bytes, but has "
                        + Files.size(file) + "; use a smaller model");
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("model file '" + file + "' cannot be read: " + e.getMessage(), e);
        }
        ModelProto model = OnnxModelFile.parse(bytes, file.toAbsolutePath().getParent(), MAX_BYTES);
        return new OnnxInspector(model, OnnxModelFile.externalLocations(bytes)).inspection();
    }

    private ModelInspection inspection() {
        boolean text = roles.containsValue(InputRole.IDS);
        Found found = new FeatureTrials(model, inputs, positions(), tensor -> pooling(shape(tensor), text))
                .first(new FeatureCut(graph, output, this::shape, roles.values()).candidates(cuts));
        String feature = found.feature();
        Map<String, Integer> operators = new TreeMap<>();
        Set<String> kept = Set.copyOf(graph.outputs());
        graph.nodes().stream()
                .filter(node -> isUsed(node, kept))
                .forEach(node -> operators.merge(node.getOpType(), 1, Integer::sum));
        List<OutputInfo> outputs = new ArrayList<>();
        for (String name : graph.outputs()) {
            TensorInfo info = infos.computed().get(name);
            if (info != null) {
                outputs.add(OutputInfo.of(name, info));
            }
        }
        return new ModelInspection(
                "onnx",
                new FamilyGuess(graph, roles, operators).family(),
                OnnxModelFile.opset(model),
                inputs,
                outputs,
                graph.parameters(),
                operators,
                Blocks.below(graph, sample(), List.of(feature)).stream()
                        .map(block -> BlockInfo.of(block, TrainableBlock.fault(model, block, feature, sample())))
                        .toList(),
                cuts.stream().map(cut -> CutInfo.of(cut, shapes)).toList(),
                feature,
                pooling(shape(feature), text).name().toLowerCase(Locale.ROOT),
                found.tokens(),
                found.free(),
                files,
                found.fault());
    }

    private static String described(Map<String, TensorInfo> inputs) {
        return inputs.entrySet().stream()
                .map(input -> "'%s' (%s %s)"
                        .formatted(
                                input.getKey(),
                                ModelInspection.elementType(input.getValue()),
                                TensorInfos.shape(input.getValue())))
                .collect(Collectors.joining(", "));
    }

    private List<String> sample() {
        return roles.entrySet().stream()
                .filter(role -> role.getValue().isSample())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns the tensors of numbers that were added behind quantised ones and that nothing in the model reads. */
    private List<String> numbersBehindQuantised() {
        return graph.computed().stream()
                .map(DequantizedTensors::of)
                .filter(numbers -> graph.producerAt(numbers) >= 0)
                .toList();
    }

    private boolean isUsed(NodeProto node, Set<String> kept) {
        return node.getOutputList().stream()
                .anyMatch(
                        made -> kept.contains(made) || !graph.consumersAt(made).isEmpty());
    }

    private long[] shape(String tensor) {
        return shapes.getOrDefault(tensor, List.of()).stream()
                .mapToLong(size -> size instanceof Long known ? known : -1)
                .toArray();
    }

    /** Returns the shapes that ONNX Runtime infers, or those of a trial run where it cannot infer them. */
    private Map<String, List<Object>> shapes() {
        Map<String, List<Object>> known = infos.shapes();
        List<String> unknown = cuts.stream()
                .flatMap(cut -> cut.tensors().stream())
                .distinct()
                .filter(name -> known.getOrDefault(name, List.of()).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            for (int size : FeatureTrials.sizes(inputs)) {
                BaseModelInput input = InputDraft.ofTrial(inputs, positions(), size);
                Map<String, List<Object>> tried = TrialShapes.of(model, unknown, input, infos.inputs());
                known.putAll(tried);
                if (!tried.isEmpty()) {
                    break;
                }
            }
        }
        return known;
    }

    /** Returns the length of the table of position embeddings, which is found by its name. */
    private int positions() {
        if (!roles.containsValue(InputRole.IDS)) {
            return 0;
        }
        return graph.initializers().stream()
                .filter(weight -> weight.getDimsCount() == 2 && FLOATS.contains(weight.getDataType()))
                .filter(weight -> POSITIONS.matcher(weight.getName()).find())
                .mapToInt(weight -> Math.toIntExact(weight.getDims(0)))
                .findFirst()
                .orElse(0);
    }

    private Pooling pooling(long[] shape, boolean text) {
        long wide = Arrays.stream(shape).skip(1).filter(n -> n != 1).count();
        if (shape.length == 2 || shape.length > 2 && wide <= 1) {
            return Pooling.NONE;
        }
        return text && roles.containsValue(InputRole.PAST) ? Pooling.LAST : Pooling.MEAN;
    }
}
