package io.headwater.engine.sound;

import io.headwater.engine.Backbone;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Computes the features of the windows of all sounds in order, in batches. */
final class WindowReader {
    // Limits the memory of the windows of one call.
    private static final int WINDOWS_AT_ONCE = 64;

    private final Backbone windows;
    private final WindowJoin join;
    private final List<List<float[]>> rows;
    private final SortedSet<Integer> faulty = new TreeSet<>();
    private final List<ModelInput> waiting = new ArrayList<>();
    private final List<Integer> owners = new ArrayList<>();

    /**
     * Creates a reader for {@code sounds} sounds.
     *
     * @param windows computes the features of windows
     * @param join joins the features of a sound's windows into one row
     */
    WindowReader(Backbone windows, WindowJoin join, int sounds) {
        this.windows = windows;
        this.join = join;
        rows = Stream.<List<float[]>>generate(ArrayList::new).limit(sounds).toList();
    }

    /** Adds the next window of a sound. */
    void add(int sound, ModelInput window) {
        waiting.add(window);
        owners.add(sound);
        if (waiting.size() == WINDOWS_AT_ONCE) {
            read();
        }
    }

    private void read() {
        try {
            List<float[]> features = windows.features(waiting);
            for (int i = 0; i < features.size(); i++) {
                rows.get(owners.get(i)).add(features.get(i));
            }
        } catch (NonFiniteFeaturesException e) {
            e.indexes().forEach(window -> faulty.add(owners.get(window)));
        }
        waiting.clear();
        owners.clear();
    }

    /**
     * Returns the features of each sound.
     *
     * @param starts the first frames of the windows of each sound
     * @param real the number of frames of each sound without padding
     * @throws NonFiniteFeaturesException when some sounds give NaN or infinity
     */
    List<float[]> features(List<int[]> starts, double[] real) {
        if (!waiting.isEmpty()) {
            read();
        }
        if (!faulty.isEmpty()) {
            throw new NonFiniteFeaturesException(faulty);
        }
        List<float[]> features = new ArrayList<>(rows.size());
        for (int sound = 0; sound < rows.size(); sound++) {
            features.add(join.vector(rows.get(sound), starts.get(sound), real[sound]));
            for (float value : features.get(sound)) {
                if (!Float.isFinite(value)) {
                    faulty.add(sound);
                }
            }
        }
        if (!faulty.isEmpty()) {
            throw new NonFiniteFeaturesException(faulty);
        }
        return features;
    }
}
