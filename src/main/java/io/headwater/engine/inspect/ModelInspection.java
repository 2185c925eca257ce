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
 * What a file of a pre-trained model holds.
 *
 * @param format {@code onnx}
 * @param family of architectures, guessed: {@code bert}, {@code gpt2}, {@code mlp} and so on
 * @param opset version of the standard operators
 * @param inputs that a caller must give, in the model's order
 * @param outputs in the model's order
 * @param parameters elements of the floating-point initializers with more than one element
 * @param operators how often each operator occurs
 * @param blocks layers or blocks of layers below the features, from the top down
 * @param cuts where it can be divided, from the inputs to the output
 * @param feature the tensor of the features below the classifier, or the output where there is none
 * @param pooling that makes one vector of that tensor
 * @param positions how many tokens the model has positions for; 0 when it does not tell
 * @param files that it keeps weights in besides its own, as it names them
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
        List<String> files) {

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
     * @param type of its elements, such as {@code float}
     * @param shape its sizes; a free axis by its name, or -1 where it has none
     * @param role {@code ids}, {@code mask}, {@code types}, {@code positions}, {@code past}, {@code image}, {@code tensor}
     *     or {@code zeros}, guessed
     */
    public record InputInfo(String name, String type, List<Object> shape, String role) {
        static InputInfo of(String name, TensorInfo info, InputRole role) {
            return new InputInfo(name, elementType(info), TensorInfos.shape(info), role.key());
        }
    }

    /** An output, as an input is described. */
    public record OutputInfo(String name, String type, List<Object> shape) {
        static OutputInfo of(String name, TensorInfo info) {
            return new OutputInfo(name, elementType(info), TensorInfos.shape(info));
        }
    }

    /**
     * A place where the model can be divided.
     *
     * @param name of the tensor; where several are needed, their names joined by '+'
     * @param shape of the (first) tensor, as that of an input
     * @param parametersAbove elements of the floating-point initializers above it
     * @param shareAbove of all parameters, 0 to 1
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
     * @param name what its weights' names have in common
     * @param parameters elements of them
     * @param cut below it; empty where only inputs are below
     */
    public record BlockInfo(String name, long parameters, String cut) {
        static BlockInfo of(Block block) {
            return new BlockInfo(
                    block.name(),
                    block.parameters(),
                    block.below().map(cut -> String.join("+", cut.tensors())).orElse(""));
        }
    }

    /** {@link #pooling} as a manifest has it. */
    Pooling poolingKind() {
        return Pooling.valueOf(pooling.toUpperCase(Locale.ROOT));
    }

    private static String elementType(TensorInfo info) {
        return info.type.name().toLowerCase(Locale.ROOT);
    }
}
