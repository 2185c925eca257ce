package io.headwater.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import io.headwater.config.BaseModelInput;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.engine.ModelInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Runs an ONNX model in plain ONNX Runtime, one input at a time, as a program without Headwater would. */
public final class PlainModel implements AutoCloseable {
    private final BaseModelInput input;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    /**
     * Loads a model.
     *
     * @param input the input of the model
     */
    public PlainModel(byte[] model, BaseModelInput input) throws OrtException {
        this(model, input, OptLevel.ALL_OPT);
    }

    /** As {@link #PlainModel(byte[], BaseModelInput)}, with the given optimisations of the graph. */
    public PlainModel(byte[] model, BaseModelInput input, OptLevel optimisations) throws OrtException {
        this.input = input;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setOptimizationLevel(optimisations);
            session = environment.createSession(model, options);
        }
    }

    /**
     * The output tensor of one input. Its shape includes the batch axis of size 1; float16 values are widened to
     * float.
     */
    public record Output(float[] values, long[] shape) {}

    /** Returns the output {@code name} for one input. */
    public Output run(ModelInput one, String name) throws OrtException {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> each : session.getInputInfo().entrySet()) {
                tensors.put(
                        each.getKey(),
                        tensor(each.getKey(), (TensorInfo) each.getValue().getInfo(), one));
            }
            try (OrtSession.Result result = session.run(tensors, java.util.Set.of(name))) {
                OnnxValue value = result.get(name).orElseThrow();
                FloatBuffer floats = ((OnnxTensor) value).getFloatBuffer();
                float[] values = new float[floats.remaining()];
                floats.get(values);
                return new Output(values, ((OnnxTensor) value).getInfo().getShape());
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(String name, TensorInfo info, ModelInput one) throws OrtException {
        if (one instanceof ModelInput.Tokens tokens) {
            return text(name, info, (TextInput) input, tokens.ids());
        }
        if (one instanceof ModelInput.Pixels pixels) {
            ImageInput image = (ImageInput) input;
            int channels = image.channels().count();
            long[] shape = image.layout() == ImageLayout.NCHW
                    ? new long[] {1, channels, image.height(), image.width()}
                    : new long[] {1, image.height(), image.width(), channels};
            return floats(info, pixels.values(), shape);
        }
        TensorInput numbers = (TensorInput) input;
        if (!name.equals(numbers.name())) {
            return zeros(
                    info,
                    LongStream.of(info.getShape()).map(n -> Math.max(1, n)).toArray());
        }
        long[] shape = LongStream.concat(
                        LongStream.of(1), numbers.shape().stream().mapToLong(Integer::longValue))
                .toArray();
        return floats(info, ((ModelInput.Numbers) one).values(), shape);
    }

    private OnnxTensor text(String name, TensorInfo info, TextInput text, long[] ids) throws OrtException {
        if (text.past().contains(name)) {
            return zeros(info, past(info));
        }
        int length = info.getShape()[1] > 0 ? (int) info.getShape()[1] : ids.length;
        long[] values = new long[length];
        for (int i = 0; i < length; i++) {
            boolean real = i < ids.length;
            if (name.equals(text.ids())) {
                values[i] = real ? ids[i] : 0;
            } else if (name.equals(text.mask())) {
                values[i] = real ? 1 : 0;
            } else if (name.equals(text.positions())) {
                values[i] = i;
            }
        }
        long[] shape = {1, length};
        return info.type == OnnxJavaType.INT32
                ? OnnxTensor.createTensor(
                        environment,
                        IntBuffer.wrap(
                                Arrays.stream(values).mapToInt(Math::toIntExact).toArray()),
                        shape)
                : OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    /**
     * Returns the shape of a past input: the first free axis is the batch of size 1, the others count earlier tokens,
     * of which there are none.
     */
    private static long[] past(TensorInfo info) {
        long[] shape = info.getShape();
        boolean first = true;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                shape[axis] = first ? 1 : 0;
                first = false;
            }
        }
        return shape;
    }

    private OnnxTensor zeros(TensorInfo info, long[] shape) throws OrtException {
        int bytes = Math.toIntExact(Arrays.stream(shape).reduce(info.type.size, Math::multiplyExact));
        ByteBuffer zeros = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        return OnnxTensor.createTensor(environment, zeros, shape, info.type);
    }

    private OnnxTensor floats(TensorInfo info, float[] values, long[] shape) throws OrtException {
        if (info.type != OnnxJavaType.FLOAT16) {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        }
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Short.BYTES).order(ByteOrder.nativeOrder());
        ShortBuffer halves = bytes.asShortBuffer();
        for (float value : values) {
            halves.put(Fp16Conversions.floatToFp16(value));
        }
        return OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.FLOAT16);
    }

    /** Returns the names of the model's outputs. */
    public List<String> outputs() {
        return List.copyOf(session.getOutputNames());
    }

    /** Returns the metadata of the file. */
    public Map<String, String> metadata() throws OrtException {
        return session.getMetadata().getCustomMetadata();
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
