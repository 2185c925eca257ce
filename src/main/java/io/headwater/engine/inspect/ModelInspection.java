package io.headwater.engine.inspect;

import ai.onnxruntime.TensorInfo;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.onnx.Block;
import io.headwater.engine.onnx.Cut;
import io.headwater.engine.runtime.TensorInfos;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The contents of a file of a pre-trained model.
 *
 * @param format {@code onnx}
 * @param family the guessed architecture family: {@code bert}, {@code gpt2}, {@code mlp} and so on
 * @param opset the version of the standard operators
 * @param inputs the inputs that a caller must provide, in the model's order
 * @param outputs the outputs, in the model's order
 * @param parameters the number of elements in floating-point weights with more than one element
 * @param operators the number of occurrences of each operator
 * @param blocks layers or blocks of layers below the features, from the top down
 * @param cuts where the model can be divided, from the inputs to the output
 * @param feature the tensor of the features below the classifier, or the output where there is none
 * @param pooling the pooling that turns that tensor into one vector
 * @param positions the maximum number of tokens that the model has positions for; 0 if unknown
 * @param freeSize the size with which the axes of the input that the model leaves free were tried; 0 for the usual one
 * @param files the names of external weight files, as the model states them
 * @param fault why the model cannot be used as it is described here; empty if a run of it succeeded
 */
public record ModelInspection(
        String format,
        String family,
        long opset,
        List<InputInfo> inputs,
        List<OutputInfo> outputs,
        long parameters,
        Map<String, Integer> operators,
        List<BlockInfo> blocks,
        List<CutInfo> cuts,
        String feature,
        String pooling,
        int positions,
        int freeSize,
        List<String> files,
        String fault) {

    public ModelInspection {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        blocks = List.copyOf(blocks);
        cuts = List.copyOf(cuts);
        files = List.copyOf(files);
    }

    /**
     * An input.
     *
     * @param type the element type, such as {@code float}
     * @param shape the sizes of its axes; a free axis is given by its name, or -1 if it has none
     * @param role the guessed role: {@code ids}, {@code mask}, {@code types}, {@code positions}, {@code past},
     *     {@code image}, {@code tensor} or {@code zeros}
     */
    public record InputInfo(String name, String type, List<Object> shape, String role) {
        static InputInfo of(String name, TensorInfo info, InputRole role) {
            return new InputInfo(name, elementType(info), TensorInfos.shape(info), role.key());
        }
    }

    /** An output, described like an input. */
    public record OutputInfo(String name, String type, List<Object> shape) {
        static OutputInfo of(String name, TensorInfo info) {
            return new OutputInfo(name, elementType(info), TensorInfos.shape(info));
        }
    }

    /**
     * A place where the model can be divided.
     *
     * @param name the name of the tensor; if there are several tensors, their names joined by '+'
     * @param shape the shape of the (first) tensor, in the form used for inputs
     * @param parametersAbove the number of parameters above the cut
     * @param shareAbove the share of all parameters, 0 to 1
     */
    public record CutInfo(String name, List<Object> shape, long parametersAbove, double shareAbove) {
        static CutInfo of(Cut cut, Map<String, List<Object>> shapes) {
            return new CutInfo(
                    String.join("+", cut.tensors()),
                    shapes.getOrDefault(cut.tensors().get(0), List.of()),
                    cut.parametersAbove(),
                    cut.shareAbove());
        }
    }

    /**
     * A layer or a block of layers.
     *
     * @param name the common part of its weights' names
     * @param parameters the number of elements of its weights
     * @param cut the cut below it; empty if only inputs are below
     * @param fault why it cannot be trained; empty if it can
     */
    public record BlockInfo(String name, long parameters, String cut, String fault) {
        static BlockInfo of(Block block, String fault) {
            return new BlockInfo(
                    block.name(),
                    block.parameters(),
                    block.below().map(cut -> String.join("+", cut.tensors())).orElse(""),
                    fault);
        }
    }

    /** Returns {@link #pooling} in the form used by manifests. */
    Pooling poolingKind() {
        return Pooling.valueOf(pooling.toUpperCase(Locale.ROOT));
    }

    static String elementType(TensorInfo info) {
        return info.type.name().toLowerCase(Locale.ROOT);
    }
}
