package io.headwater.adapt;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.HeadState;
import io.headwater.engine.Safetensors;
import io.headwater.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a lane needs to go on exactly where it was.
 *
 * @param baseModel whose features were learned
 * @param form what the head has in common with all others of its adaptation
 * @param labels classes in the order of the logits
 * @param head weights and optimiser state
 * @param replay remembered samples
 * @param replaySeen samples of each class ever offered to the replay buffer
 * @param anchors the anchor set
 * @param window outcomes on which the gate compares
 * @param anchorReference best accuracy of a champion on the whole anchor set; 0 for none
 * @param classCounts samples learned of each class
 * @param samples samples of the lane so far
 * @param steps steps so far, from which all randomness follows
 * @param started whether the lane began from another, whose anchor set it keeps
 */
record LaneCheckpoint(
        Digest baseModel,
        String form,
        List<String> labels,
        HeadState head,
        List<Remembered> replay,
        int[] replaySeen,
        List<Remembered> anchors,
        int[] window,
        double anchorReference,
        int[] classCounts,
        long samples,
        long steps,
        boolean started) {

    private static final String FORMAT = "headwater-checkpoint-1";
    private static final String PARAMETERS = "head/";
    private static final String OPTIMISER = "optimiser/";

    /** A lane that has seen nothing. */
    static LaneCheckpoint empty(Digest baseModel, String form, List<String> labels) {
        HeadState nothing = new HeadState(Map.of(), Map.of(), 0);
        return new LaneCheckpoint(
                baseModel,
                form,
                labels,
                nothing,
                List.of(),
                new int[0],
                List.of(),
                new int[0],
                0,
                new int[0],
                0,
                0,
                false);
    }

    /** The start of another lane that must not forget: the same weights, memory and anchor set, no history of its own. */
    LaneCheckpoint asStart() {
        return new LaneCheckpoint(
                baseModel, form, labels, head, replay, replaySeen, anchors, new int[0], 0, classCounts, 0, steps, true);
    }

    /** The start of another lane that keeps no anchor set: weights alone, so that nothing old holds back what is new. */
    LaneCheckpoint asStartWithoutMemory() {
        return new LaneCheckpoint(
                baseModel,
                form,
                labels,
                HeadState.ofParameters(head.parameters()),
                List.of(),
                new int[0],
                List.of(),
                new int[0],
                0,
                new int[0],
                0,
                steps,
                true);
    }

    byte[] toBytes() {
        Map<String, Tensor> tensors = new TreeMap<>();
        head.parameters().forEach((name, tensor) -> tensors.put(PARAMETERS + name, tensor));
        head.optimiser().forEach((name, tensor) -> tensors.put(OPTIMISER + name, tensor));
        putRemembered(tensors, "replay", replay);
        putRemembered(tensors, "anchor", anchors);
        putInts(tensors, "replay/seen", replaySeen);
        putInts(tensors, "gate/window", window);
        putInts(tensors, "class/counts", classCounts);
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        ArtifactMetadata.put(metadata, baseModel, form, labels);
        metadata.put("iteration", Long.toString(head.iteration()));
        metadata.put("anchorReference", Double.toString(anchorReference));
        metadata.put("samples", Long.toString(samples));
        metadata.put("steps", Long.toString(steps));
        metadata.put("started", Boolean.toString(started));
        return Safetensors.write(tensors, metadata);
    }

    static LaneCheckpoint fromBytes(byte[] bytes) {
        Safetensors.Contents file = ArtifactMetadata.read(bytes, FORMAT);
        HeadState head =
                new HeadState(withPrefix(file, PARAMETERS), withPrefix(file, OPTIMISER), number(file, "iteration"));
        List<String> labels = ArtifactMetadata.labels(file);
        return new LaneCheckpoint(
                ArtifactMetadata.baseModel(file),
                ArtifactMetadata.form(file),
                labels,
                head,
                remembered(file, "replay", labels.size()),
                ints(file, "replay/seen"),
                remembered(file, "anchor", labels.size()),
                ints(file, "gate/window"),
                ArtifactMetadata.value(file, "anchorReference", Double::valueOf),
                ints(file, "class/counts"),
                number(file, "samples"),
                number(file, "steps"),
                Boolean.parseBoolean(ArtifactMetadata.text(file, "started")));
    }

    /** Features may differ in length, as those of sentences do: one after another, and how many each has. */
    private static void putRemembered(Map<String, Tensor> tensors, String name, List<Remembered> all) {
        int[] sizes = all.stream().mapToInt(one -> one.features().length).toArray();
        float[] features = new float[Arrays.stream(sizes).reduce(0, Math::addExact)];
        int[] labelsOfAll = new int[all.size()];
        int at = 0;
        for (int i = 0; i < sizes.length; i++) {
            System.arraycopy(all.get(i).features(), 0, features, at, sizes[i]);
            labelsOfAll[i] = all.get(i).label();
            at += sizes[i];
        }
        tensors.put(name + "/features", new Tensor.F32(new int[] {features.length}, features));
        putInts(tensors, name + "/sizes", sizes);
        putInts(tensors, name + "/labels", labelsOfAll);
    }

    private static void putInts(Map<String, Tensor> tensors, String name, int[] values) {
        tensors.put(name, new Tensor.I32(new int[] {values.length}, values));
    }

    private static List<Remembered> remembered(Safetensors.Contents file, String name, int classes) {
        float[] features = ArtifactMetadata.floats(name, required(file, name + "/features"))
                .values();
        int[] sizes = ints(file, name + "/sizes");
        int[] labels = ints(file, name + "/labels");
        if (sizes.length != labels.length
                || Arrays.stream(sizes).anyMatch(size -> size < 1)
                || Arrays.stream(sizes).asLongStream().sum() != features.length
                || Arrays.stream(labels).anyMatch(label -> label < 0 || label >= classes)) {
            throw new ArtifactException(
                    "a checkpoint must hold features and a label from 0 to %d for each sample of '%s', but does not"
                            .formatted(classes - 1, name));
        }
        List<Remembered> all = new ArrayList<>(labels.length);
        int at = 0;
        for (int i = 0; i < labels.length; i++) {
            all.add(new Remembered(Arrays.copyOfRange(features, at, at + sizes[i]), labels[i]));
            at += sizes[i];
        }
        return all;
    }

    private static Map<String, Tensor.F32> withPrefix(Safetensors.Contents file, String prefix) {
        Map<String, Tensor.F32> found = new TreeMap<>();
        file.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), ArtifactMetadata.floats(name, tensor));
            }
        });
        return found;
    }

    private static int[] ints(Safetensors.Contents file, String name) {
        if (required(file, name) instanceof Tensor.I32 ints) {
            return ints.values();
        }
        throw new ArtifactException("tensor '" + name + "' of a checkpoint must hold 32-bit integers");
    }

    private static Tensor required(Safetensors.Contents file, String name) {
        Tensor tensor = file.tensors().get(name);
        if (tensor == null) {
            throw new ArtifactException(
                    "a checkpoint lacks the tensor '" + name + "'; it is not a Headwater checkpoint");
        }
        return tensor;
    }

    private static long number(Safetensors.Contents file, String key) {
        return ArtifactMetadata.value(file, key, Long::valueOf);
    }
}
