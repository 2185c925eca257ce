package io.headwater.featurizer;

import io.headwater.codec.Codec;
import io.headwater.domain.Digest;
import io.headwater.intake.Intake;
import io.headwater.kafka.Clients;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;

/**
 * The parts of a featurizer.
 *
 * @param adaptation name of the adaptation
 * @param identity digest of everything on which the bits of features depend in this process
 * @param task the task of the adaptation
 * @param featurizer computes features of payloads
 * @param usesUnlabelled whether features of samples without a label are needed
 * @param clients of Kafka
 * @param codec of events
 * @param group of consumers that share the topics of samples and requests
 * @param instance names this featurizer among those of the group
 * @param intake protection against records that end or block the process
 * @param workers number of threads that prepare records, 1 to 64
 * @param listener of the featurizer
 */
public record FeaturizerSetup(
        String adaptation,
        Digest identity,
        Task task,
        Featurizer featurizer,
        boolean usesUnlabelled,
        Clients clients,
        Codec codec,
        String group,
        String instance,
        Intake intake,
        int workers,
        FeaturizerListener listener) {}
