package io.headwater.engine.family;

import io.headwater.engine.family.FamilyModel.TrainingInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A residual network (He et al. 2016, "Deep residual learning for image recognition") for images and for sound spectra.
 * It has three stages; each has twice the channels and half the resolution of the previous stage.
 *
 * @param channels channels of the input, 1 to 4
 * @param height height of the input, 8 to 1024
 * @param breadth width of the input, 8 to 1024
 * @param width channels of the first stage, 4 to 256
 * @param blocks residual blocks of each stage, 1 to 8
 * @param classes number of classes, 2 to 100000
 */
public record ConvNet(int channels, int height, int breadth, int width, int blocks, int classes) {
    private static final int STAGES = 3;
    /** The input size from which the first convolution halves the resolution to limit the cost. */
    private static final int LARGE = 64;

    public ConvNet {
        Sizes.check("channels", channels, 1, 4);
        Sizes.check("height", height, 8, 1024);
        Sizes.check("breadth", breadth, 8, 1024);
        Sizes.check("width", width, 4, 256);
        Sizes.check("blocks", blocks, 1, 8);
        Sizes.check("classes", classes, 2, 100_000);
    }

    /**
     * Creates the classifier; its features are the means of the last channels over all positions.
     *
     * @param family the family that is named in the manifest
     * @param input the name of the input [batch, channels, height, breadth]
     * @param seed the seed of the initial weights; not 0
     */
    public FamilyModel model(String family, String input, long seed) {
        FamilyWriter writer = new FamilyWriter(seed);
        TrainingInput read = writer.numbers(input, -1, channels, height, breadth);
        int stride = Math.min(height, breadth) >= LARGE ? 2 : 1;
        String stem = writer.convolution("stem", input, channels, width, 3, stride);
        String state = writer.node("Relu", "stem/active", stem);
        List<String> states = new ArrayList<>(List.of(state));
        int in = width;
        for (int stage = 0; stage < STAGES; stage++) {
            int out = width << stage;
            for (int block = 0; block < blocks; block++) {
                state = block(writer, "stage" + stage + ".block" + block, state, in, out, stage > 0 && block == 0);
                states.add(state);
                in = out;
            }
        }
        String pooled = writer.node("GlobalAveragePool", "pooled", state);
        String features = writer.node("Flatten", "features", pooled);
        writer.classifier(features, in, classes, "logits");
        List<String> cuts = new ArrayList<>(states.subList(0, states.size() - 1));
        Collections.reverse(cuts);
        return writer.model(family, read, Map.of("logits", new long[] {-1, classes}), features, in, cuts);
    }

    private static String block(FamilyWriter writer, String name, String input, int in, int out, boolean halves) {
        int stride = halves ? 2 : 1;
        String first = writer.convolution(name + ".conv1", input, in, out, 3, stride);
        String second =
                writer.convolution(name + ".conv2", writer.node("Relu", name + "/middle", first), out, out, 3, 1);
        String beside = halves || in != out ? writer.convolution(name + ".shortcut", input, in, out, 1, stride) : input;
        return writer.node("Relu", name + "/active", writer.node("Add", name + "/sum", second, beside));
    }
}
