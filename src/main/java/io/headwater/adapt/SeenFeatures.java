package io.headwater.adapt;

import io.headwater.adapt.race.AllSamples;
import io.headwater.domain.ArtifactException;
import io.headwater.engine.closed.CentredMoments;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the features of the samples of a lane are distributed: of each its mean and its variance. By them, a request of a domain
 * without a version is answered by the lane to whose samples it is most similar. That single inputs tell which of several
 * domains a model for is nearest is due to Wang, Huang and Hong 2022, "S-Prompts Learning with Pre-trained Transformers: An
 * Occam's Razor for Domain Incremental Learning"; the distance is that of a Gaussian discriminant with independent features, so
 * that features of different scales count alike. It depends on the request and on the published versions alone.
 *
 * @param means of each feature
 * @param variances of each feature, positive
 */
public record SeenFeatures(float[] means, float[] variances) {
    private static final String MEANS = "seen/means";
    private static final String VARIANCES = "seen/variances";

    /** The variance that is added to that of each feature, relative to their mean, so that none counts without bound. */
    private static final double LEAST_VARIANCE = 1e-2;

    /** The variance of features that do not vary at all. */
    private static final double NO_VARIANCE = 1e-12;

    public SeenFeatures {
        if (means.length == 0 || means.length != variances.length) {
            throw new IllegalArgumentException(
                    "each feature must have a mean and a variance, but there are %d means and %d variances"
                            .formatted(means.length, variances.length));
        }
        for (int i = 0; i < means.length; i++) {
            if (!Float.isFinite(means[i]) || !Float.isFinite(variances[i]) || variances[i] <= 0) {
                throw new IllegalArgumentException(
                        "the mean of a feature must be finite and its variance positive, but those of feature %d are %s and %s"
                                .formatted(i, means[i], variances[i]));
            }
        }
    }

    /** Returns those of samples with labels; empty without any. */
    static Optional<SeenFeatures> of(AllSamples samples) {
        if (samples.sums().isEmpty()) {
            return Optional.empty();
        }
        CentredMoments moments = samples.sums().centred(samples.sums().outputs());
        int width = moments.width();
        float[] means = new float[width];
        float[] variances = new float[width];
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += variance(moments, i);
        }
        double least = Math.max(NO_VARIANCE, LEAST_VARIANCE * sum / width);
        for (int i = 0; i < width; i++) {
            means[i] = (float) moments.mean()[i];
            variances[i] = (float) (variance(moments, i) + least);
        }
        return Optional.of(new SeenFeatures(means, variances));
    }

    private static double variance(CentredMoments moments, int feature) {
        return Math.max(0, moments.scatter()[feature * moments.width() + feature]) / moments.rows();
    }

    /**
     * Returns those among the tensors of an artifact, which it takes out; null when there are none.
     *
     * @throws ArtifactException when they have another form
     */
    static @Nullable SeenFeatures takeFrom(Map<String, Tensor.F32> tensors) {
        Tensor.F32 means = tensors.remove(MEANS);
        Tensor.F32 variances = tensors.remove(VARIANCES);
        if (means == null && variances == null) {
            return null;
        }
        try {
            return new SeenFeatures(values(means), values(variances));
        } catch (IllegalArgumentException e) {
            throw new ArtifactException("a head does not say which features its lane has seen: " + e.getMessage());
        }
    }

    private static float[] values(Tensor.@Nullable F32 tensor) {
        return tensor == null ? new float[0] : tensor.values();
    }

    /** Returns them as tensors of an artifact. */
    Map<String, Tensor.F32> tensors() {
        Map<String, Tensor.F32> tensors = new TreeMap<>();
        tensors.put(MEANS, new Tensor.F32(new int[] {means.length}, means));
        tensors.put(VARIANCES, new Tensor.F32(new int[] {variances.length}, variances));
        return tensors;
    }

    /**
     * Returns how far features are from those of the samples; smaller is nearer, and it may be negative.
     *
     * @param features one row, or several, over which it is the mean
     */
    public double distance(float[] features) {
        int width = means.length;
        int rows = features.length / width;
        double distance = 0;
        for (int i = 0; i < rows * width; i++) {
            double variance = variances[i % width];
            double away = (double) features[i] - means[i % width];
            distance += away * away / variance + Math.log(variance);
        }
        return distance / Math.max(1, rows);
    }
}
