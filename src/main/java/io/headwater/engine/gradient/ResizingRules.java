package io.headwater.engine.gradient;

import static io.headwater.engine.onnx.Attributes.attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Gradients of upsampling by repetition and of rearrangements between channels and image size. */
final class ResizingRules {
    private ResizingRules() {}

    static Map<String, GradientRule> all() {
        return Map.of(
                "Resize", ResizingRules::resize,
                "Upsample", ResizingRules::resize,
                "DepthToSpace", ResizingRules::depthToSpace,
                "SpaceToDepth", ResizingRules::spaceToDepth);
    }

    /**
     * Each element was repeated an integer number of times along each axis; its gradient is the sum over its
     * repetitions.
     */
    private static void resize(Node node, Backward backward) {
        String x = node.input(0);
        long[] sizes = backward.shape(x);
        long[] results = backward.shape(node.output());
        String mode = node.text("mode", "nearest");
        if (!mode.equals("nearest")) {
            throw node.refused("resizes by mode '" + mode + "', of which only 'nearest' has a gradient");
        }
        List<Long> split = new ArrayList<>();
        List<Long> repetitions = new ArrayList<>();
        for (int axis = 0; axis < sizes.length; axis++) {
            boolean batch = axis == 0 && sizes[0] < 0 && results[0] < 0;
            if (!batch && !repeats(node, sizes[axis], results[axis])) {
                throw node.refused("resizes axis " + axis + " from " + shown(sizes[axis]) + " to "
                        + shown(results[axis]) + ", which does not repeat each element equally often");
            }
            split.add(sizes[axis]);
            if (!batch && results[axis] > sizes[axis]) {
                repetitions.add((long) split.size());
                split.add(results[axis] / sizes[axis]);
            }
        }
        checkScales(node, sizes, results, backward);
        String gradient = backward.gradient(node);
        if (repetitions.isEmpty()) {
            backward.add(x, gradient);
            return;
        }
        String apart = backward.op("Reshape", gradient, backward.integers(array(split)));
        backward.add(x, backward.sum(apart, false, array(repetitions)));
    }

    /**
     * Refuses scale factors other than the quotients of the sizes, by which {@link #repeats} decides: a factor of 2.4
     * also doubles two elements, but repeats the first one three times.
     */
    private static void checkScales(Node node, long[] sizes, long[] results, Backward backward) {
        if (!node.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw node.refused("keeps the aspect ratio (keep_aspect_ratio_policy)");
        }
        double[] scales = scales(node, backward);
        long[] axes = node.integers("axes")
                .orElseGet(() -> LongStream.range(0, scales.length).toArray());
        for (int i = 0; i < scales.length; i++) {
            int axis = backward.axis(node.input(0), axes[i]);
            double factor = sizes[axis] < 0 ? 1 : (double) results[axis] / sizes[axis];
            if (scales[i] != factor) {
                throw node.refused("scales axis " + axis + " from " + shown(sizes[axis]) + " to "
                        + shown(results[axis]) + " by " + scales[i]
                        + ", which does not repeat each element equally often");
            }
        }
    }

    /** The scale factors; none if the node is given the sizes of the result instead. */
    private static double[] scales(Node node, Backward backward) {
        if (node.type().equals("Upsample") && node.opset() < 9) {
            return node.reals("scales");
        }
        int input = node.opset() < 11 || node.type().equals("Upsample") ? 1 : 2;
        if (!node.has(input)) {
            return new double[0];
        }
        double[] constant = backward.constantReals(node.input(input));
        if (constant == null) {
            throw node.refused("computes its scales");
        }
        return constant;
    }

    /**
     * Whether element i of the result is element floor(i / f) of the input along an axis, where f is the scale factor.
     */
    private static boolean repeats(Node node, long size, long result) {
        if (size <= 0 || result < size || result % size != 0) {
            return false;
        }
        boolean simple = node.opset() < 11 || node.type().equals("Upsample");
        String transformation = simple ? "asymmetric" : node.text("coordinate_transformation_mode", "half_pixel");
        String rounding = simple ? "floor" : node.text("nearest_mode", "round_prefer_floor");
        long factor = result / size;
        for (long i = 0; i < result; i++) {
            double position = switch (transformation) {
                case "asymmetric" -> (double) i / factor;
                case "align_corners" -> result == 1 ? 0 : (double) i * (size - 1) / (result - 1);
                case "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel" -> (i + 0.5) / factor - 0.5;
                default -> throw node.refused("has coordinate_transformation_mode '" + transformation + "'");
            };
            double rounded = switch (rounding) {
                case "floor" -> Math.floor(position);
                case "ceil" -> Math.ceil(position);
                case "round_prefer_ceil" -> Math.floor(position + 0.5);
                default -> Math.ceil(position - 0.5);
            };
            if ((long) Math.min(size - 1, Math.max(0, rounded)) != i / factor) {
                return false;
            }
        }
        return true;
    }

    private static String shown(long size) {
        return size < 0 ? "a size that varies" : Long.toString(size);
    }

    private static void spaceToDepth(Node node, Backward backward) {
        String back = backward.op(
                "DepthToSpace", List.of(attribute("blocksize", node.integer("blocksize", 1))), backward.gradient(node));
        backward.add(node.input(0), back);
    }

    /**
     * In mode DCR the result's channel varies fastest along the input channels, in mode CRD the position in the block.
     */
    private static void depthToSpace(Node node, Backward backward) {
        String x = node.input(0);
        String gradient = backward.gradient(node);
        long block = node.integer("blocksize", 1);
        if (node.text("mode", "DCR").equals("DCR")) {
            backward.add(x, backward.op("SpaceToDepth", List.of(attribute("blocksize", block)), gradient));
            return;
        }
        long[] shape = backward.shape(x);
        if (shape[1] < 0 || shape[2] < 0 || shape[3] < 0) {
            throw node.refused("rearranges axes whose sizes vary");
        }
        long[] blocks = {-1, shape[1] / (block * block), shape[2], block, shape[3], block};
        String apart = backward.op("Reshape", gradient, backward.integers(blocks));
        backward.add(x, backward.reshapedLike(backward.transpose(apart, 0, 1, 3, 5, 2, 4), x));
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
