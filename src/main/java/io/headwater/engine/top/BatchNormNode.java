package io.headwater.engine.top;

import io.headwater.engine.onnx.Attributes;
import onnx.Onnx.NodeProto;

/**
 * A batch normalisation whose running statistics are updated from the statistics of each training step.
 *
 * @param node the node that normalises by the running statistics
 * @param depth depth of its block: 1 for the topmost block, increasing downwards
 */
public record BatchNormNode(NodeProto node, int depth) {
    private static final float MOMENTUM = 0.9f;

    /** The tensor that it normalises, [batch, channels, ...]. */
    public String input() {
        return node.getInput(0);
    }

    /** The running mean, [channels]. */
    public String mean() {
        return node.getInput(3);
    }

    /** The running variance, [channels]. */
    public String variance() {
        return node.getInput(4);
    }

    /** The mean of a step, [channels]; it exists in a graph returned by {@link BatchNormNodes#measured}. */
    public String batchMean() {
        return output() + "/batch-mean";
    }

    /** The variance of a step, [channels]: the mean of the squared distances from the mean. */
    public String batchVariance() {
        return output() + "/batch-variance";
    }

    /** The fraction of a running statistic that is kept in a step, 0 to 1. */
    public double momentum() {
        return Attributes.real(node, "momentum", MOMENTUM);
    }

    String output() {
        return node.getOutput(0);
    }
}
