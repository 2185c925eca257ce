package io.headwater.trainer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a trainer is behind the samples of a partition.
 *
 * @param adaptation name of the adaptation whose lanes learn from the samples
 * @param partition partition of the samples topic
 * @param samples number of samples that are not part of a committed checkpoint yet. Those that were read are counted; of those
 *     that were not, the number is estimated from their offsets by the share of offsets that were samples before
 * @param oldest time of the oldest of them, as the topic has it, or when it was noticed if it was not read yet; null when there
 *     is none
 */
public record Backlog(
        String adaptation,
        int partition,
        long samples,
        @Nullable Instant oldest) {}
