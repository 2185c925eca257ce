package io.headwater.standalone;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Map;

/**
 * What an adaptation from files came to; the object that {@code adapt --json} ends with.
 *
 * @param adaptation name of the adaptation
 * @param champion number of the version that was scored
 * @param metrics of the champion on the test set, by the task's names; those of an output layer on the same frozen features
 *     after one pass, whose names begin with {@code linearProbe}; and those of always saying what is commonest in the
 *     training set, whose names begin with {@code majority}, where the task has such a thing
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
        @JsonAnyGetter Map<String, Double> metrics,
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
