package io.headwater.bench.top;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;

/**
 * The common starting point of all engines: weights, a batch of rows at the cut, and constants of the base model that
 * are not trained.
 *
 * @param parameters parameters of the head, with a random output layer
 * @param rows rows of features at the cut
 * @param constants running statistics of batch normalisation by name
 */
record TopFixture(Map<String, Tensor.F32> parameters, float[][] rows, Map<String, Tensor.F32> constants) {
    private static final String PARAMETER = "parameter/";
    private static final String ROW = "row/";
    private static final String CONSTANT = "constant/";
    private static final String STATISTIC = ".running_";

    /** Creates the fixture and its model and writes both to {@code folder}. */
    static void prepare(TopCase top, Path folder) throws IOException {
        Files.createDirectories(folder);
        top.generate(folder);
        BaseModelManifest manifest = top.manifest(folder);
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(top.trained());
                Head head = model.heads().create(top.classes())) {
            Map<String, Tensor> tensors = new TreeMap<>();
            head.state().parameters().forEach((name, tensor) -> tensors.put(PARAMETER + name, tensor));
            // With an output layer of zeros no gradient would reach the layers below.
            tensors.put(
                    PARAMETER + "output/W",
                    random(Objects.requireNonNull(head.state().parameters().get("output/W"))));
            List<float[]> rows = model.backbone().features(top.inputs());
            for (int i = 0; i < rows.size(); i++) {
                tensors.put(ROW + (1000 + i), new Tensor.F32(new int[] {rows.get(i).length}, rows.get(i)));
            }
            constants(manifest.model()).forEach((name, tensor) -> tensors.put(CONSTANT + name, tensor));
            Files.write(file(folder), Safetensors.write(tensors, Map.of()));
        }
    }

    private static Tensor.F32 random(Tensor.F32 like) {
        Random random = new Random(5);
        float[] values = new float[like.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.05f * (float) random.nextGaussian();
        }
        return new Tensor.F32(like.shape(), values);
    }

    private static Map<String, Tensor.F32> constants(ModelFile file) throws IOException {
        Map<String, Tensor.F32> constants = new TreeMap<>();
        if (file.location().startsWith("classpath:")) {
            return constants;
        }
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(Path.of(file.location())));
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            if (tensor.getName().contains(STATISTIC)) {
                float[] values = new float[tensor.getRawData().size() / Float.BYTES];
                tensor.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(values);
                constants.put(tensor.getName(), new Tensor.F32(new int[] {values.length}, values));
            }
        }
        return constants;
    }

    /** Reads the fixture that {@link #prepare} wrote to {@code folder}. */
    static TopFixture read(Path folder) throws IOException {
        Map<String, Tensor> tensors =
                Safetensors.read(Files.readAllBytes(file(folder))).tensors();
        float[][] rows =
                part(tensors, ROW).values().stream().map(Tensor.F32::values).toArray(float[][]::new);
        return new TopFixture(part(tensors, PARAMETER), rows, part(tensors, CONSTANT));
    }

    private static Map<String, Tensor.F32> part(Map<String, Tensor> tensors, String prefix) {
        Map<String, Tensor.F32> part = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix) && tensor instanceof Tensor.F32 floats) {
                part.put(name.substring(prefix.length()), floats);
            }
        });
        return part;
    }

    private static Path file(Path folder) {
        return folder.resolve("start.safetensors");
    }
}
