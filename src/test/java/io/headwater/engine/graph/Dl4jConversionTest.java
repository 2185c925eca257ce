package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.Digest;
import io.headwater.engine.device.Nd4jRuntime;
import io.headwater.engine.graph.convert.GraphModelConverter;
import io.headwater.engine.graph.convert.GraphModelConverter.Converted;
import io.headwater.engine.graph.convert.GraphModelConverter.Limits;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Size;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Tests that networks created and saved by Deeplearning4j give the same output after conversion in a separate process.
 */
class Dl4jConversionTest {
    private static final Limits LIMITS = new Limits(1 << 20, 512, Duration.ofMinutes(2));

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        Nd4jRuntime.start();
    }

    @Test
    void shouldConvertAGraphOfConvolutionsAndItsShortcuts() throws Exception {
        var builder = new NeuralNetConfiguration.Builder()
                .seed(7)
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(9, 8, 3))
                .addLayer("conv", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "image")
                .addLayer("norm", new BatchNormalization.Builder().decay(0.8).build(), "conv")
                .addLayer(
                        "deep",
                        new DepthwiseConvolution2D.Builder(3, 3)
                                .depthMultiplier(2)
                                .build(),
                        "norm")
                .addLayer(
                        "apart",
                        new SeparableConvolution2D.Builder(3, 3)
                                .depthMultiplier(2)
                                .nOut(8)
                                .build(),
                        "norm")
                .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "deep", "apart")
                .addLayer("relu", new ActivationLayer(Activation.LEAKYRELU), "add")
                .addVertex("join", new MergeVertex(), "add", "relu")
                .addLayer(
                        "pool",
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                                .kernelSize(2, 2)
                                .stride(2, 2)
                                .build(),
                        "join")
                .addLayer("dense", new DenseLayer.Builder().nOut(6).build(), "pool")
                .addLayer(
                        "out",
                        new OutputLayer.Builder()
                                .nOut(3)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "dense")
                .setOutputs("out")
                .build();
        ComputationGraph network = new ComputationGraph(builder);
        network.init();
        randomise(network.params());
        network.getLayer("norm").getParam("log10stdev").assign(0.2);

        GraphModel model = convert(network, new Size(9, 8));

        assertThat(Objects.requireNonNull(model.vertex("norm")).operation()).isEqualTo(new BatchNorm(1e-5, 0.8));
        INDArray input = Nd4j.rand(DataType.FLOAT, 2, 3, 9, 8);
        var all = network.feedForward(input.dup(), false);
        for (String name : all.keySet()) {
            if (!name.equals("image")) {
                INDArray expected = Objects.requireNonNull(all.get(name));
                GraphCutTest.assertClose(
                        name,
                        GraphCutTest.forward(
                                model, "image", name, rows(input, model.input().shape())),
                        rows(expected));
            }
        }
    }

    @Test
    void shouldConvertANetworkOfLayersOverSequences() throws Exception {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .list()
                .layer(new LSTM.Builder().nIn(3).nOut(5).build())
                .layer(new LastTimeStep(new LSTM.Builder().nIn(5).nOut(4).build()))
                .layer(new OutputLayer.Builder()
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        randomise(network.params());

        GraphModel model = convert(network, null);

        INDArray input = Nd4j.rand(DataType.FLOAT, 2, 3, 6);
        GraphCutTest.assertClose(
                "output",
                GraphCutTest.forward(
                        model,
                        model.input().name(),
                        model.output(),
                        rows(input, model.input().shape())),
                rows(network.output(input)));
    }

    @Test
    void shouldConvertANetworkOverTokens() throws Exception {
        var configuration = new NeuralNetConfiguration.Builder()
                .seed(7)
                .graphBuilder()
                .addInputs("ids")
                .addLayer(
                        "words",
                        new EmbeddingSequenceLayer.Builder().nIn(11).nOut(4).build(),
                        "ids")
                .addLayer("rnn", new LSTM.Builder().nIn(4).nOut(5).build(), "words")
                .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "rnn")
                .addLayer(
                        "out",
                        new OutputLayer.Builder()
                                .nIn(5)
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "mean")
                .setOutputs("out")
                .build();
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();

        GraphModel model = convert(network, null);

        assertThat(model.input().shape()).isEqualTo(new Shape.Tokens(0));
        float[][] ids = {{3, 0, 10, 7}};
        GraphCutTest.assertClose(
                "output", GraphCutTest.forward(model, "ids", "out", ids), rows(network.outputSingle(Nd4j.create(ids))));
    }

    @Test
    void shouldExportWhatItConvertsBack() throws Exception {
        GraphModel model = GraphModels.resnet(8, 3, 5);
        byte[] zip = GraphExport.zip(model);
        assertThat(GraphExport.zip(model)).isEqualTo(zip);
        Path file = Files.write(folder.resolve("export.zip"), zip);

        ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile(), false);

        float[][] inputs = GraphModels.rows(model.input().shape(), 2, 3);
        float[][] expected = GraphCutTest.forward(model, "in", model.output(), inputs);
        INDArray batch = GraphNetwork.batch(inputs, model.input().shape(), DataType.FLOAT);
        GraphCutTest.assertClose("restored", rows(restored.outputSingle(batch)), expected);
        GraphModel back = GraphModelConverter.convert(file, folder.resolve("back"), new Size(8, 8), LIMITS)
                .model();
        assertThat(back.weights().keySet()).isEqualTo(model.weights().keySet());
        GraphCutTest.assertClose("back", GraphCutTest.forward(back, "in", back.output(), inputs), expected);
    }

    @Test
    void shouldWriteAFileOfTheDigestThatItTells() throws Exception {
        Path file = Files.write(folder.resolve("m.zip"), GraphExport.zip(GraphModels.resnet(8, 2, 5)));
        Path out = folder.resolve("model.safetensors");

        Converted converted = GraphModelConverter.convert(file, out, new Size(8, 8), LIMITS);

        assertThat(Digest.of(Files.readAllBytes(out))).isEqualTo(converted.digest());
        assertThat(GraphModel.read(Files.readAllBytes(out)).vertices())
                .isEqualTo(converted.model().vertices());
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void shouldNameALayerThatItDoesNotKnow() throws Exception {
        var configuration = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("image")
                .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(2, 2).nIn(1).nOut(1).build(),
                        "image")
                .addLayer("lrn", new LocalResponseNormalization(), "conv")
                .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "lrn")
                .addLayer(
                        "out",
                        new OutputLayer.Builder()
                                .nIn(1)
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "mean")
                .setOutputs("out")
                .build();
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();

        assertThatThrownBy(() -> convert(network, new Size(4, 4)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("model.zip")
                .hasMessageContaining("layer 'lrn' is of type LocalResponseNormalization");
        assertThatThrownBy(() -> convert(network, null)).hasMessageContaining("give its height and width");
    }

    @Test
    void shouldRefuseWhatIsNoModel() throws Exception {
        assertRefused(new byte[0], "must be a Keras .h5 file or a Deeplearning4j zip");
        assertRefused("hello, world".getBytes(java.nio.charset.StandardCharsets.UTF_8), "begins with 68656c6c6f");
        assertRefused(new byte[(1 << 20) + 1], "may have 1048576 bytes");
        assertRefused(zip("readme", new byte[10]), "no entry 'configuration.json'");
        assertRefused(new byte[] {'P', 'K', 3, 4, 9, 9, 9, 9, 9, 9}, "cannot be converted");
        byte[] hdf = new byte[4096];
        System.arraycopy(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'}, 0, hdf, 0, 8);
        assertRefused(hdf, "cannot be converted");
    }

    @Test
    void shouldRefuseAZipThatGrowsBeyondBounds() throws Exception {
        byte[] bomb = zip("configuration.json", new byte[200 << 20]);

        assertRefused(bomb, "may have 16777216 bytes");
    }

    @Test
    void shouldRefuseCoefficientsThatPromiseTooMuch() throws Exception {
        ByteArrayOutputStream coefficients = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(coefficients);
        out.writeUTF("MIXED_DATA_TYPES");
        out.writeLong(0);
        out.writeUTF("LONG");
        out.writeUTF("MIXED_DATA_TYPES");
        out.writeLong(Long.MAX_VALUE);
        out.writeUTF("FLOAT");

        assertRefused(
                zip(
                        "configuration.json",
                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "coefficients.bin",
                        coefficients.toByteArray()),
                "values, but has 9223372036854775807");
    }

    @Test
    void shouldRefuseAConfigurationThatNamesAForeignClass() throws Exception {
        byte[] valid = GraphExport.zip(GraphModels.resnet(8, 2, 5));
        String json =
                "{\"networkInputs\":[\"in\"],\"vertices\":{\"a\":{\"@class\":\"javax.script.ScriptEngineManager\"}}}";
        byte[] coefficients;
        try (var in = new java.util.zip.ZipInputStream(new java.io.ByteArrayInputStream(valid))) {
            in.getNextEntry();
            in.getNextEntry();
            coefficients = in.readAllBytes();
        }

        assertRefused(
                zip(
                        "configuration.json",
                        json.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "coefficients.bin",
                        coefficients),
                "names the class 'javax.script.ScriptEngineManager'");
    }

    @Test
    void shouldRefuseDamagedZips() throws Exception {
        byte[] valid = GraphExport.zip(GraphModels.resnet(8, 2, 5));
        Random random = new Random(3);
        for (int round = 0; round < 3; round++) {
            byte[] damaged = Arrays.copyOf(valid, valid.length - random.nextInt(valid.length / 2));
            for (int i = 0; i < 20; i++) {
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
            }
            assertRefused(damaged, "cannot be converted");
        }
    }

    private GraphModel convert(org.deeplearning4j.nn.api.Model network, @Nullable Size image) throws IOException {
        Path file = folder.resolve("model.zip");
        ModelSerializer.writeModel(network, file.toFile(), true);
        return GraphModelConverter.convert(file, folder.resolve("model.safetensors"), image, LIMITS)
                .model();
    }

    private void assertRefused(byte[] bytes, String why) throws IOException {
        Path file = Files.write(folder.resolve("bad"), bytes);
        Path out = folder.resolve("none");

        assertThatThrownBy(() -> GraphModelConverter.convert(file, out, null, LIMITS))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(why);

        assertThat(out).doesNotExist();
    }

    private static byte[] zip(Object... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < parts.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) parts[i]));
                zip.write((byte[]) parts[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    private static void randomise(INDArray parameters) {
        Nd4j.getRandom().setSeed(5);
        parameters.assign(Nd4j.rand(DataType.FLOAT, parameters.shape()).subi(0.4));
    }

    private static float[][] rows(INDArray batch) {
        return GraphNetwork.rows(batch.dup('c').data().asFloat(), (int) batch.size(0));
    }

    private static float[][] rows(INDArray batch, Shape shape) {
        return GraphNetwork.rows(GraphNetwork.values(batch, shape), (int) batch.size(0));
    }
}
