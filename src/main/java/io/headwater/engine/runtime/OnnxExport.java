package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.TextInput;
import io.headwater.config.TopConfig;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.top.ExportBuilder;
import io.headwater.engine.top.Features;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopException;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;

/** Exports a base model and the trained parameters of a version as one complete ONNX model. */
final class OnnxExport {
    private OnnxExport() {}

    /**
     * Returns the complete model. It has the inputs of the base model, and the outputs
     * {@link ExportBuilder#PROBABILITIES}, {@link ExportBuilder#LOGITS} and the feature tensor of the manifest.
     *
     * @param config the configuration that the version was trained with
     * @param output the output layer of the task
     * @param parameters the parameters of the version's head
     * @param metadata the metadata of the file
     * @return an ONNX file
     * @throws io.headwater.domain.ArtifactException when a file of the base model is missing or has another digest
     * @throws BackboneException when the version was not trained on this base model, or cannot be exported
     */
    static byte[] write(
            BaseModelManifest manifest,
            AdaptationConfig config,
            OutputLayer output,
            Map<String, Tensor.F32> parameters,
            Map<String, String> metadata) {
        ModelProto model = ModelDivision.whole(manifest, config, OnnxBackbone.model(manifest));
        ModelDivision division = ModelDivision.of(manifest, config, model);
        BackboneCut cut = BackboneCut.unpooled(division.cut());
        try (OnnxBackbone backbone = OnnxBackbone.open(manifest, cut, Compute.ONE_THREAD)) {
            Segment segment = division.segment(manifest, model);
            Features features = TopFeatures.of(manifest, segment, backbone.layout());
            Map<String, TensorProto> trained = new HashMap<>();
            parameters.forEach((name, tensor) -> trained.put(name, proto(name, tensor)));
            TopConfig top = config.strategy().top();
            return ExportBuilder.build(
                            model,
                            segment,
                            output.everyPosition() ? features.ofEveryPosition() : features,
                            output.activation(),
                            trained,
                            top.loraAlpha() / top.loraRank(),
                            half(backbone),
                            manifest.input() instanceof TextInput text ? text.mask() : "",
                            metadata)
                    .toByteArray();
        } catch (TopException e) {
            throw new BackboneException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Set<String> half(OnnxBackbone backbone) {
        Set<String> half = new HashSet<>();
        backbone.outputs().forEach((name, info) -> {
            if (info.type == OnnxJavaType.FLOAT16) {
                half.add(name);
            }
        });
        return half;
    }

    private static TensorProto proto(String name, Tensor.F32 tensor) {
        long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
        return Tensors.floats(name, tensor.values(), shape);
    }
}
