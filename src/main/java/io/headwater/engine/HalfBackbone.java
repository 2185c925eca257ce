package io.headwater.engine;

import io.headwater.domain.Digest;
import io.headwater.engine.weights.Half;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A backbone whose features are rounded to what 16 bits can hold, to the nearest and in a tie to the even one. They are
 * handed out rounded from the first use on, kept or not, so what learns from them never depends on a cache; and the
 * backbone has a digest of its own, so that lineage names the choice.
 */
public final class HalfBackbone implements Backbone {
    private final Backbone exact;
    private final Digest digest;

    /** The features of {@code exact} in half precision; owns it. */
    public HalfBackbone(Backbone exact) {
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
     * @throws NonFiniteFeaturesException when some inputs give NaN, infinity, or a magnitude of 65520 or more, which 16
     *     bits cannot hold
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
