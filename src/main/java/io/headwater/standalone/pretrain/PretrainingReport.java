package io.headwater.standalone.pretrain;

import org.jspecify.annotations.Nullable;

/**
 * What a pretraining reached.
 *
 * @param family that the manifest names
 * @param name of the base model
 * @param weights how many numbers the model has learned
 * @param samples that it learned from
 * @param heldOut samples that it was judged on
 * @param skipped rows or files that could not be used
 * @param steps taken
 * @param resumedAt the step from which this run went on; 0 when it began anew
 * @param loss of the last steps
 * @param heldOutLoss mean of the answers that are wanted of held-out samples, in nats; null when there are none
 * @param perplexity e to the power of that, for language models; else null
 * @param heldOutAccuracy share of these that are right; null when there are none
 * @param seconds of this run
 * @param folder of the base model
 * @param curve held-out loss from the first to the last step as a line of bars, where some is held out; else that of training
 */
public record PretrainingReport(
        String family,
        String name,
        long weights,
        int samples,
        int heldOut,
        int skipped,
        long steps,
        long resumedAt,
        double loss,
        @Nullable Double heldOutLoss,
        @Nullable Double perplexity,
        @Nullable Double heldOutAccuracy,
        double seconds,
        String folder,
        String curve) {}
