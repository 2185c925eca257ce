package io.headwater.engine.sound;

import io.headwater.config.AudioInput;
import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import java.util.List;

/** What a model that reads one window a sound is shown of it. Safe for use by several threads. */
public final class SoundWindow {
    private final AudioBackbone windows;

    private SoundWindow(AudioBackbone windows) {
        this.windows = windows;
    }

    /**
     * The window of {@code input}, whose frames are not made by another model.
     *
     * @throws BackboneException when a sound of its length has more than one window
     */
    public static SoundWindow of(AudioInput input) {
        int width = input.shape().stream().reduce(1, Math::multiplyExact);
        return new SoundWindow(AudioBackbone.single(new Shown(width), input, Compute.ONE_THREAD));
    }

    /**
     * The values of the window, as the model reads them.
     *
     * @throws IllegalArgumentException when it is no sound
     */
    public float[] values(ModelInput sound) {
        return windows.features(List.of(sound)).get(0);
    }

    /** A model that says what it is shown. */
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
