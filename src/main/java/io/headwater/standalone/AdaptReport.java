package io.headwater.standalone;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.Goal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The result of an adaptation from files, printed as the last object by {@code adapt --json}.
 *
 * @param adaptation name of the adaptation
 * @param lane the lane that learned
 * @param champion number of the version that was scored
 * @param metrics metrics of the champion on the test set, under the task's metric names; with the prefix {@code
 *     linearProbe}, those of an output layer trained in one pass on the same frozen features; and with the prefix
 *     {@code majority}, those of always predicting the most frequent label of the training set, for tasks where that
 *     is defined
 * @param trainSamples number of training samples sent to the stream
 * @param passes how often each of the training data was sent
 * @param testSamples number of test samples scored
 * @param unusableTestSamples number of test samples that could not be used, and are not in the score
 * @param firstUnusable why the first of them could not be used; empty when there are none
 * @param unpredictableTestSamples number of test samples that are in the score although their label cannot be predicted, such
 *     as a class outside of the configured list; each prediction for them is wrong
 * @param firstUnpredictable why the label of the first of them cannot be predicted; empty when there are none
 * @param steps number of training steps behind the published versions
 * @param versions number of published versions
 * @param versionBytes size in bytes of the artifact that holds the champion's head
 * @param promotions number of published versions that became champion
 * @param deadLetters number of records that could not be used
 * @param samplesPerSecond training throughput, from the first poll to the last commit
 * @param seconds duration of the whole run
 * @param folder the folder of the artifacts and the broker's data
 * @param environment everything that could change the numbers: library versions, back end, threads
 */
public record AdaptReport(
        String adaptation,
        String lane,
        long champion,
        @JsonAnyGetter Map<String, Double> metrics,
        int trainSamples,
        int passes,
        int testSamples,
        int unusableTestSamples,
        String firstUnusable,
        int unpredictableTestSamples,
        String firstUnpredictable,
        long steps,
        int versions,
        int versionBytes,
        int promotions,
        int deadLetters,
        List<UnusedSamples> deadLetterReasons,
        double samplesPerSecond,
        double seconds,
        String folder,
        Map<String, String> environment) {
    private static final String ACCURACY = "accuracy";

    public AdaptReport {
        deadLetterReasons = List.copyOf(deadLetterReasons);
    }

    /** Returns what people should know if the champion is no better than always predicting the most frequent class. */
    public Optional<String> remark() {
        Double accuracy = metrics.get(ACCURACY);
        Double majority = metrics.get(Goal.named("majority", ACCURACY));
        return accuracy == null || majority == null || accuracy > majority
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the accuracy of %.4f is not better than %.4f, that of always predicting the most frequent class: these"
                                + " features say nothing of the labels, or too few samples were learned. Check tokenizer,"
                                + " pooling and the scale of pixels in the manifest of the base model, and then try more"
                                + " samples, another base model, or training.unfreeze",
                        accuracy,
                        majority));
    }

    /**
     * Training samples that became dead letters for the same reason.
     *
     * @param reason the kind of fault
     * @param count number of samples
     * @param example the first of them: its file and its place in it
     * @param message what is wrong with the first of them
     */
    public record UnusedSamples(Reason reason, int count, String example, String message) {
        UnusedSamples oneMore() {
            return new UnusedSamples(reason, count + 1, example, message);
        }
    }
}
