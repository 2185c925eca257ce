package io.headwater.adapt.ask;

import io.headwater.domain.ArtifactException;
import io.headwater.engine.Logits;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The other contenders of a lane as they were when a version was published. Requests on which they and the version disagree are worth a
 * label (query by committee: Seung, Opper and Sompolinsky 1992).
 *
 * @param members their weights, of the same inputs and outputs, 1 to {@value #MOST}
 */
public record Committee(List<LinearWeights> members) {
    /** The most members, by which the size of an artifact and the work for a request are bounded. */
    public static final int MOST = 8;

    private static final String PREFIX = "committee/";
    private static final String WEIGHTS = "/W";
    private static final String BIASES = "/b";

    public Committee {
        members = List.copyOf(members);
        if (members.isEmpty() || members.size() > MOST) {
            throw new IllegalArgumentException(
                    "a committee must have 1 to %d members, but has %d".formatted(MOST, members.size()));
        }
        LinearWeights first = members.get(0);
        for (LinearWeights member : members) {
            if (member.inputs() != first.inputs() || member.outputs() != first.outputs()) {
                throw new IllegalArgumentException(
                        "all members of a committee must have %d inputs and %d outputs as the first one, but one has %d and %d"
                                .formatted(first.inputs(), first.outputs(), member.inputs(), member.outputs()));
            }
        }
    }

    /**
     * Returns the committee among the tensors of an artifact, without the other tensors.
     *
     * @param tensors those whose names begin as those of {@link #tensors}
     * @throws ArtifactException when they have another form
     */
    public static Committee read(Map<String, Tensor.F32> tensors) {
        List<LinearWeights> members = new ArrayList<>();
        for (int i = 0; i < Math.min(tensors.size(), MOST + 1); i++) {
            Tensor.F32 weights = tensors.get(PREFIX + i + WEIGHTS);
            Tensor.F32 biases = tensors.get(PREFIX + i + BIASES);
            if (weights != null && biases != null) {
                members.add(member(weights, biases));
            }
        }
        if (2 * members.size() != tensors.size()) {
            throw new ArtifactException(
                    "a head must have weights and biases of each of up to %d other contenders, but has the tensors %s"
                            .formatted(MOST, tensors.keySet()));
        }
        try {
            return new Committee(members);
        } catch (IllegalArgumentException e) {
            throw new ArtifactException(
                    "a head does not say what the other contenders of its lane were: " + e.getMessage());
        }
    }

    private static LinearWeights member(Tensor.F32 weights, Tensor.F32 biases) {
        int outputs = biases.values().length;
        if (weights.shape().length != 2 || outputs == 0 || weights.shape()[1] != outputs) {
            throw new ArtifactException(
                    "the weights of a contender must be a matrix with a column for each of its %d biases, but have %d dimensions and %d values"
                            .formatted(outputs, weights.shape().length, weights.values().length));
        }
        return new LinearWeights(weights.shape()[0], outputs, weights.values(), biases.values());
    }

    /** Returns whether a tensor of an artifact belongs to a committee. */
    public static boolean isPart(String tensor) {
        return tensor.startsWith(PREFIX);
    }

    /** Returns the committee as tensors of an artifact. */
    public Map<String, Tensor.F32> tensors() {
        Map<String, Tensor.F32> tensors = new TreeMap<>();
        for (int i = 0; i < members.size(); i++) {
            LinearWeights member = members.get(i);
            tensors.put(
                    PREFIX + i + WEIGHTS,
                    new Tensor.F32(new int[] {member.inputs(), member.outputs()}, member.weights()));
            tensors.put(PREFIX + i + BIASES, new Tensor.F32(new int[] {member.outputs()}, member.biases()));
        }
        return tensors;
    }

    /** Returns the number of features that each member reads. */
    public int inputs() {
        return members.get(0).inputs();
    }

    /** Returns the number of classes of each member. */
    public int outputs() {
        return members.get(0).outputs();
    }

    /**
     * Returns how much the members and the version disagree on a request, see {@link Doubt#disagreement}; NaN for features of another
     * width than they read, and for a version that has no probabilities.
     *
     * @param features one row
     * @param names of the outputs, in their order
     * @param probabilities by the version, by the names of the outputs
     */
    public double disagreement(float[] features, List<String> names, Map<String, Float> probabilities) {
        if (features.length != inputs() || names.size() != outputs() || probabilities.isEmpty()) {
            return Double.NaN;
        }
        float[] own = new float[names.size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = probabilities.getOrDefault(names.get(i), 0f);
        }
        List<float[]> said = new ArrayList<>();
        said.add(own);
        for (LinearWeights member : members) {
            float[] logits = member.logits(features);
            Logits.softmax(logits, 0, logits.length);
            said.add(logits);
        }
        return Doubt.disagreement(said);
    }
}
