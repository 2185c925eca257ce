package io.headwater.bench.transfer;

import java.util.List;
import java.util.Locale;

/**
 * A setting for the training of a model.
 *
 * @param title title for readers
 * @param keys configuration keys of an adaptation, with their full names
 */
record TransferSetting(String title, List<String> keys) {
    /** Trains only the output layer. */
    static TransferSetting probe(double rate) {
        return new TransferSetting(
                "linear-probe, rate " + shown(rate), List.of("training.learning-rate: " + shown(rate)));
    }

    /** Returns whether the base model stays frozen. */
    boolean isProbe() {
        return keys.stream().noneMatch(key -> key.startsWith("training.strategy:"));
    }

    /** Trains only the output layer for a quarter of the steps, then the top blocks too. */
    static TransferSetting lpFt(int blocks, double rate, double topRate) {
        return new TransferSetting(
                "lp-ft, %s, rate %s, top rate %s".formatted(counted(blocks), shown(rate), shown(topRate)),
                List.of(
                        "training.strategy: lp-ft",
                        "training.unfreeze: " + blocks,
                        "training.phase-steps: QUARTER",
                        "training.learning-rate: " + shown(rate),
                        "optimiser.top-rate: " + shown(topRate)));
    }

    /** Trains the top blocks from the beginning. */
    static TransferSetting fineTune(int blocks, double rate, double topRate) {
        return new TransferSetting(
                "fine-tune, %s, rate %s, top rate %s".formatted(counted(blocks), shown(rate), shown(topRate)),
                List.of(
                        "training.strategy: fine-tune",
                        "training.unfreeze: " + blocks,
                        "training.learning-rate: " + shown(rate),
                        "optimiser.top-rate: " + shown(topRate)));
    }

    /** Trains all blocks from the beginning at the learning rate of the output layer. */
    static TransferSetting whole(int blocks, double rate) {
        return new TransferSetting(
                "everything, rate " + shown(rate),
                List.of(
                        "training.strategy: fine-tune",
                        "training.unfreeze: " + blocks,
                        "training.learning-rate: " + shown(rate),
                        "optimiser.top-rate: 1"));
    }

    /** Returns the keys for a run with a number of steps. */
    List<String> keys(int steps) {
        return keys.stream()
                .map(key -> key.replace("QUARTER", String.valueOf(Math.max(1, steps / 4))))
                .toList();
    }

    private static String counted(int blocks) {
        return blocks == 1 ? "1 block" : blocks + " blocks";
    }

    private static String shown(double number) {
        return String.format(Locale.ROOT, "%.6f", number).replaceAll("\\.?0+$", "");
    }
}
