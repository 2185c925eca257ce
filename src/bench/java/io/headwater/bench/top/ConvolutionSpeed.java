package io.headwater.bench.top;

import io.headwater.engine.device.EngineInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Prints the cost of Deeplearning4j's convolutions, in milliseconds of one thread for a forward pass and for a
 * training step of 16 images. To compare with and without oneDNN, run it in the default build and in the one with
 * {@code -Ponednn}. Not a test.
 */
final class ConvolutionSpeed {
    private static final int IMAGES = 16;
    private static final int ROUNDS = 7;

    private ConvolutionSpeed() {}

    public static void main(String[] arguments) {
        System.out.println(EngineInfo.current());
        for (int side : new int[] {32, 64}) {
            measure("residual-like 3x3, 32 channels, " + side + " px", convolutions(side, 32, 3), side);
            measure("1x1, 64 channels, " + side + " px", convolutions(side, 64, 1), side);
        }
        measure("dense 384-128-2", dense(), 0);
    }

    private static void measure(String what, MultiLayerNetwork net, int side) {
        INDArray x =
                side == 0 ? Nd4j.rand(DataType.FLOAT, IMAGES, 384) : Nd4j.rand(DataType.FLOAT, IMAGES, 3, side, side);
        INDArray y = Nd4j.zeros(DataType.FLOAT, IMAGES, 2);
        for (int i = 0; i < IMAGES; i++) {
            y.putScalar(i, i % 2, 1);
        }
        int calls = side == 0 ? 500 : 3;
        double forward = median(calls, () -> net.output(x));
        double train = median(calls, () -> net.fit(x, y));
        System.out.printf("%s forwardMillis=%.3f trainMillis=%.3f%n", what, forward, train);
    }

    private static double median(int calls, Runnable call) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] rounds = new double[ROUNDS];
        call.run();
        for (int round = 0; round < ROUNDS; round++) {
            long start = threads.getCurrentThreadCpuTime(); // other work on the machine does not count
            for (int i = 0; i < calls; i++) {
                call.run();
            }
            rounds[round] = (threads.getCurrentThreadCpuTime() - start) / 1e6 / calls;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static MultiLayerNetwork convolutions(int side, int channels, int kernel) {
        return net(
                InputType.convolutional(side, side, 3),
                convolution(channels, 3),
                convolution(channels, kernel),
                new BatchNormalization(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build(),
                convolution(channels, kernel),
                convolution(channels, kernel),
                new GlobalPoolingLayer());
    }

    private static MultiLayerNetwork dense() {
        return net(
                InputType.feedForward(384),
                new DenseLayer.Builder().nOut(128).activation(Activation.RELU).build());
    }

    private static Layer convolution(int channels, int kernel) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .nOut(channels)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.RELU)
                .build();
    }

    private static MultiLayerNetwork net(InputType input, Layer... layers) {
        Layer[] all = Arrays.copyOf(layers, layers.length + 1);
        all[layers.length] =
                new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build();
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(1e-3))
                .list(all)
                .setInputType(input)
                .build());
        net.init();
        return net;
    }
}
