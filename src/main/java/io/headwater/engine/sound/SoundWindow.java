package io.headwater.engine.sound;

import io.headwater.config.AudioInput;
import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import java.util.List;

/** Computes the input of a model that reads each sound as a single window. Safe for use by several threads. */
public final class SoundWindow {
    private final AudioBackbone windows;

    private SoundWindow(AudioBackbone windows) {
        this.windows = windows;
    }

    /**
     * Creates the window of {@code input}, whose frames must not be computed by another model.
     *
     * @throws BackboneException when a sound of the maximum length has more than one window
     */
    public static SoundWindow of(AudioInput input) {
        int width = input.shape().stream().reduce(1, Math::multiplyExact);
        return new SoundWindow(AudioBackbone.single(new Shown(width), input, Compute.ONE_THREAD));
    }

    /**
     * Returns the values of the window in the layout that the model reads.
     *
     * @throws IllegalArgumentException when the input is not a sound
     */
    public float[] values(ModelInput sound) {
        return windows.features(List.of(sound)).get(0);
    }

    /** A backbone that returns its input as features. */
    private record Shown(int width) implements Backbone {
        @Override
        public Digest digest() {
            return Digest.of(new byte[0]);
        }

        @Override
        public List<float[]> features(List<ModelInput> inputs) {
            return inputs.stream()
                    .map(input -> ((ModelInput.Numbers) input).values())
                    .toList();
        }

        @Override
        public void close() {}
    }
}
