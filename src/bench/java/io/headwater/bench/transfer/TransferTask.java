package io.headwater.bench.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A task on which the benefit of transfer learning is measured.
 *
 * @param name name of its results
 * @param kind kind of the task, as named in the configuration
 * @param title title for readers
 * @param about description of data and models for readers
 * @param metric compared metric, as named by {@code adapt --json}
 * @param also a second metric to report; null for none
 * @param keys configuration keys of every adaptation besides its name, task, base and training strategy
 * @param adapted candidate settings for training the pre-trained model
 * @param scratch candidate settings for training the untrained model
 * @param effort training set sizes and numbers of runs
 * @param material training and test data, by seed
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

    /** Returns whether lower values of the metric are better. */
    boolean isError() {
        return ERRORS.contains(metric);
    }

    /**
     * A model and the candidate settings for its training.
     *
     * @param manifest name or path of the manifest
     */
    record Base(String manifest, List<TransferSetting> settings) {}

    /**
     * The training set sizes and numbers of runs.
     *
     * @param largest the largest training set size
     * @param seedsOfSmall number of seeds for subsets of fewer than 1,000 samples
     * @param seedsOfLarge number of seeds for larger subsets and for all samples
     * @param passes number of passes over the training set by its maximum size; the last entry also applies to all
     *     larger sets
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
     * Training samples and test samples.
     *
     * @param folder folder in which tables must lie so that the files they name are found; null if it does not matter
     */
    record Split(
            TransferData train, TransferData test, @Nullable Path folder) {}

    /** Divides the data: in the same way for every seed, unless different parts can be held out in turn. */
    interface Material {
        Split of(int seed) throws IOException;
    }
}
