package io.headwater.engine;

import io.headwater.domain.Digest;
import io.headwater.engine.weights.Half;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A backbone whose features are rounded to half precision, to nearest and ties to even. Features are rounded whether
 * or not they are cached, so training never depends on a cache. The backbone has its own digest, so that lineage
 * records the choice.
 */
final class HalfBackbone implements Backbone {
    private final Backbone exact;
    private final Digest digest;

    /** Creates a backbone that rounds the features of {@code exact}, which it owns. */
    HalfBackbone(Backbone exact) {
        this.exact = exact;
        String description =
                "headwater features as float16\nbackbone " + exact.digest().hex() + "\n";
        digest = Digest.of(description.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Digest digest() {
        return digest;
    }

    @Override
    public int width() {
        return exact.width();
    }

    /**
     * {@inheritDoc}
     *
     * @throws NonFiniteFeaturesException when some features are NaN, infinite, or have a magnitude of 65520 or more,
     *     which overflows half precision
     */
    @Override
    public List<float[]> features(List<ModelInput> inputs) {
        List<float[]> features =
                exact.features(inputs).stream().map(HalfBackbone::rounded).toList();
        SortedSet<Integer> tooLarge = new TreeSet<>();
        for (int i = 0; i < features.size(); i++) {
            for (float value : features.get(i)) {
                if (!Float.isFinite(value)) {
                    tooLarge.add(i);
                    break;
                }
            }
        }
        if (!tooLarge.isEmpty()) {
            throw new NonFiniteFeaturesException(tooLarge);
        }
        return features;
    }

    private static float[] rounded(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Half.widen(Half.of(values[i]));
        }
        return rounded;
    }

    @Override
    public void close() {
        exact.close();
    }
}
