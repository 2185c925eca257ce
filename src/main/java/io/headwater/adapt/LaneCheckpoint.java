package io.headwater.adapt;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a lane needs to go on exactly where it was.
 *
 * @param baseModel whose features were learned
 * @param form what the head has in common with all others of its adaptation
 * @param labels names of the outputs in the order of the logits
 * @param head weights and optimiser state
 * @param target weights of the target network; empty where the goal has none
 * @param replay remembered samples
 * @param replaySeen samples of each stratum ever offered to the replay buffer
 * @param anchors the anchor set
 * @param window scores on which the gate compares
 * @param anchorReference best mean score of a champion on the whole anchor set; 0 for none
 * @param counts samples learned of each stratum
 * @param samples samples of the lane so far
 * @param steps steps so far, from which all randomness follows
 * @param started whether the lane began from another, whose anchor set it keeps
 */
record LaneCheckpoint(
        Digest baseModel,
        String form,
        List<String> labels,
        HeadState head,
        Map<String, Tensor.F32> target,
        List<StoredSample> replay,
        int[] replaySeen,
        List<StoredSample> anchors,
        float[] window,
        double anchorReference,
        int[] counts,
        long samples,
        long steps,
        boolean started) {

    private static final String FORMAT = "headwater-checkpoint-1";
    private static final String PARAMETERS = "head/";
    private static final String OPTIMISER = "optimiser/";
    private static final String TARGET = "target/";

    /** A lane that has seen nothing. */
    static LaneCheckpoint empty(Digest baseModel, String form, List<String> labels) {
        HeadState nothing = new HeadState(Map.of(), Map.of(), 0);
        return new LaneCheckpoint(
                baseModel,
                form,
                labels,
                nothing,
                Map.of(),
                List.of(),
                new int[0],
                List.of(),
                new float[0],
                0,
                new int[0],
                0,
                0,
                false);
    }

    /** The start of another lane that must not forget: the same weights, memory and anchor set, no history of its own. */
    LaneCheckpoint asStart() {
        return new LaneCheckpoint(
                baseModel,
                form,
                labels,
                head,
                Map.of(),
                replay,
                replaySeen,
                anchors,
                new float[0],
                0,
                counts,
                0,
                steps,
                true);
    }

    /** The start of another lane that keeps no anchor set: weights alone, so that nothing old holds back what is new. */
    LaneCheckpoint asStartWithoutMemory() {
        return new LaneCheckpoint(
                baseModel,
                form,
                labels,
                HeadState.ofParameters(head.parameters()),
                Map.of(),
                List.of(),
                new int[0],
                List.of(),
                new float[0],
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
        target.forEach((name, tensor) -> tensors.put(TARGET + name, tensor));
        putRemembered(tensors, "replay", replay);
        putRemembered(tensors, "anchor", anchors);
        putInts(tensors, "replay/seen", replaySeen);
        putFloats(tensors, "gate/window", window);
        putInts(tensors, "strata/counts", counts);
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
                withPrefix(file, TARGET),
                remembered(file, "replay", labels.size()),
                ints(file, "replay/seen"),
                remembered(file, "anchor", labels.size()),
                ArtifactMetadata.floats("gate/window", required(file, "gate/window"))
                        .values(),
                ArtifactMetadata.value(file, "anchorReference", Double::valueOf),
                ints(file, "strata/counts"),
                number(file, "samples"),
                number(file, "steps"),
                Boolean.parseBoolean(ArtifactMetadata.text(file, "started")));
    }

    private static void putRemembered(Map<String, Tensor> tensors, String name, List<StoredSample> all) {
        putRows(
                tensors,
                name + "/features",
                all.stream().map(StoredSample::features).toList());
        putRows(tensors, name + "/targets", all.stream().map(StoredSample::code).toList());
        List<float[]> next = all.stream().map(StoredSample::next).toList();
        if (next.stream().anyMatch(row -> row.length > 0)) {
            putRows(tensors, name + "/next", next);
        }
        putInts(
                tensors,
                name + "/strata",
                all.stream().mapToInt(StoredSample::stratum).toArray());
    }

    /** Rows may differ in length, as those of sentences do: one after another, and how many values each has. */
    private static void putRows(Map<String, Tensor> tensors, String name, List<float[]> rows) {
        int[] sizes = rows.stream().mapToInt(row -> row.length).toArray();
        float[] values = new float[Arrays.stream(sizes).reduce(0, Math::addExact)];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, values, at, row.length);
            at += row.length;
        }
        putFloats(tensors, name, values);
        putInts(tensors, name + "/sizes", sizes);
    }

    private static void putFloats(Map<String, Tensor> tensors, String name, float[] values) {
        tensors.put(name, new Tensor.F32(new int[] {values.length}, values));
    }

    private static void putInts(Map<String, Tensor> tensors, String name, int[] values) {
        tensors.put(name, new Tensor.I32(new int[] {values.length}, values));
    }

    private static List<StoredSample> remembered(Safetensors.Contents file, String name, int outputs) {
        List<float[]> features = rows(file, name + "/features");
        List<float[]> codes = rows(file, name + "/targets");
        int[] strata = ints(file, name + "/strata");
        List<float[]> next = file.tensors().containsKey(name + "/next")
                ? rows(file, name + "/next")
                : Collections.nCopies(strata.length, new float[0]);
        if (features.size() != strata.length
                || next.size() != strata.length
                || codes.size() != strata.length
                || Arrays.stream(strata).anyMatch(stratum -> stratum < 0 || stratum >= outputs)) {
            throw new ArtifactException(
                    "a checkpoint must hold features, a target and a stratum from 0 to %d for each sample of '%s', but does not"
                            .formatted(outputs - 1, name));
        }
        List<StoredSample> all = new ArrayList<>(strata.length);
        for (int i = 0; i < strata.length; i++) {
            all.add(new StoredSample(features.get(i), codes.get(i), strata[i], next.get(i)));
        }
        return all;
    }

    private static List<float[]> rows(Safetensors.Contents file, String name) {
        float[] values = ArtifactMetadata.floats(name, required(file, name)).values();
        int[] sizes = ints(file, name + "/sizes");
        if (Arrays.stream(sizes).anyMatch(size -> size < 0)
                || Arrays.stream(sizes).asLongStream().sum() != values.length) {
            throw new ArtifactException(
                    "the sizes of the rows of '%s' in a checkpoint must add up to its %d values, but do not"
                            .formatted(name, values.length));
        }
        List<float[]> rows = new ArrayList<>(sizes.length);
        int at = 0;
        for (int size : sizes) {
            rows.add(Arrays.copyOfRange(values, at, at + size));
            at += size;
        }
        return rows;
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
