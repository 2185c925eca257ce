package io.headwater.standalone.pretrain;

import org.jspecify.annotations.Nullable;

/**
 * The results of a pretraining.
 *
 * @param family model family in the manifest
 * @param name name of the base model
 * @param weights number of trained weights
 * @param samples number of training samples
 * @param heldOut number of held-out samples used for evaluation
 * @param skipped number of rows or files that could not be used
 * @param steps number of steps taken
 * @param resumedAt step at which this run resumed; 0 if it started from scratch
 * @param loss training loss of the last steps
 * @param heldOutLoss mean loss over the predictions for held-out samples, in nats; null if none are held out
 * @param perplexity exp({@code heldOutLoss}) for language models; otherwise null
 * @param heldOutAccuracy share of correct predictions for held-out samples; null if none are held out
 * @param seconds duration of this run
 * @param folder folder of the base model
 * @param curve the held-out loss over the run as a sparkline, or the training loss if nothing is held out
 */
public record PretrainingReport(
        String family,
        String name,
        long weights,
        int samples,
        int heldOut,
        long skipped,
        long steps,
        long resumedAt,
        double loss,
        @Nullable Double heldOutLoss,
        @Nullable Double perplexity,
        @Nullable Double heldOutAccuracy,
        double seconds,
        String folder,
        String curve) {}
