package io.headwater.bench.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A task of which it is measured what transfer learning is good for.
 *
 * @param name of its results
 * @param kind of the task, as the configuration calls it
 * @param title for people
 * @param about data and models, for people
 * @param metric that is compared, as {@code adapt --json} calls it
 * @param also a second one that is told beside it; null for none
 * @param keys of every adaptation beside its name, task, base and how it learns
 * @param adapted how the pre-trained model may learn, to choose from
 * @param scratch how the untrained model may learn, to choose from
 * @param effort how often it is run
 * @param material what is learned and what is tested, by seed
 */
record TransferTask(
        String name,
        String kind,
        String title,
        String about,
        String metric,
        @Nullable String also,
        List<String> keys,
        Base adapted,
        Base scratch,
        Effort effort,
        Material material) {
    private static final Set<String> ERRORS = Set.of("wer", "cer", "mae", "rmse");

    /** Whether less of the metric is better. */
    boolean isError() {
        return ERRORS.contains(metric);
    }

    /**
     * A model and how it may learn.
     *
     * @param manifest name or path
     */
    record Base(String manifest, List<TransferSetting> settings) {}

    /**
     * How often it is run.
     *
     * @param largest of the training set; the largest size
     * @param seedsOfSmall of subsets of fewer than 1,000 samples
     * @param seedsOfLarge of larger ones, and of all samples
     * @param passes over a training set of at most so many samples; those of the last one hold for all above
     */
    record Effort(int largest, int seedsOfSmall, int seedsOfLarge, Map<Integer, Integer> passes) {
        private static final int LARGE = 1000;

        Effort {
            passes = new TreeMap<>(passes);
        }

        int seeds(int size) {
            return size < LARGE && size < largest ? seedsOfSmall : seedsOfLarge;
        }

        int passes(int size) {
            int last = 1;
            for (Map.Entry<Integer, Integer> each : passes.entrySet()) {
                last = each.getValue();
                if (size <= each.getKey()) {
                    break;
                }
            }
            return last;
        }
    }

    /**
     * Samples to learn, and others to test.
     *
     * @param folder where tables must lie for what they name to be found; null for anywhere
     */
    record Split(
            TransferData train, TransferData test, @Nullable Path folder) {}

    /** Divides the data: the same way for every seed, unless it can be held out in turns. */
    interface Material {
        Split of(int seed) throws IOException;
    }
}
