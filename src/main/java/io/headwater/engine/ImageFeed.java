package io.headwater.engine;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.Layout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * Images, one a run: on a CPU a run of many is no faster, and so no image can depend on another.
 *
 * @param half whether the model reads float16
 */
record ImageFeed(ImageInput spec, boolean half) implements Feed {

    /** The shape of one image. */
    static long[] shape(ImageInput spec) {
        return spec.layout() == Layout.NCHW
                ? new long[] {1, 3, spec.height(), spec.width()}
                : new long[] {1, spec.height(), spec.width(), 3};
    }

    @Override
    public int group(ModelInput input) {
        int size = 3 * spec.height() * spec.width();
        if (pixels(input).length != size) {
            throw new IllegalArgumentException("an image of " + spec.width() + "x" + spec.height() + " must have "
                    + size + " values, but has " + pixels(input).length);
        }
        return 0;
    }

    @Override
    public int rows(int group) {
        return 1;
    }

    @Override
    public int used(ModelInput input) {
        return Integer.MAX_VALUE;
    }

    @Override
    public Map<String, OnnxTensor> tensors(List<ModelInput> inputs, int group) throws OrtException {
        FloatBuffer values = FloatBuffer.wrap(pixels(inputs.get(0)));
        OrtEnvironment environment = OnnxRuntime.environment();
        OnnxTensor tensor = half
                ? OnnxTensor.createTensor(
                        environment,
                        Fp16Conversions.convertFloatBufferToFp16Buffer(values),
                        shape(spec),
                        OnnxJavaType.FLOAT16)
                : OnnxTensor.createTensor(environment, values, shape(spec));
        return Map.of(spec.name(), tensor);
    }

    @Override
    public List<ModelInput> trials() {
        return List.of(new ModelInput.Pixels(new float[3 * spec.height() * spec.width()]));
    }

    private static float[] pixels(ModelInput input) {
        if (input instanceof ModelInput.Pixels image) {
            return image.values();
        }
        throw new IllegalArgumentException("the base model reads images, but was given text");
    }
}
