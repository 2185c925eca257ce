package io.headwater.standalone;

import java.util.Map;

/**
 * What an adaptation from files came to; the object that {@code adapt --json} ends with.
 *
 * @param adaptation name of the adaptation
 * @param champion number of the version that was scored
 * @param accuracy of the champion on the test set, 0 to 1
 * @param macroF1 of the champion on the test set, 0 to 1
 * @param linearProbeAccuracy of a softmax layer on the same frozen features after one pass, 0 to 1
 * @param majorityAccuracy of always saying the most frequent training class, 0 to 1
 * @param trainSamples sent to the stream
 * @param testSamples scored
 * @param steps that made the published versions
 * @param versions published
 * @param versionBytes of the artifact that holds the champion's head
 * @param promotions of these that became champion
 * @param deadLetters records that could not be used
 * @param samplesPerSecond from the first poll to the last commit
 * @param seconds the whole run
 * @param environment what could change the numbers: library versions, back end, threads
 */
public record AdaptReport(
        String adaptation,
        long champion,
        double accuracy,
        double macroF1,
        double linearProbeAccuracy,
        double majorityAccuracy,
        int trainSamples,
        int testSamples,
        long steps,
        int versions,
        int versionBytes,
        int promotions,
        int deadLetters,
        double samplesPerSecond,
        double seconds,
        Map<String, String> environment) {}
