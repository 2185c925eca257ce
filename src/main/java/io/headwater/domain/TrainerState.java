package io.headwater.domain;

import java.time.Instant;

/**
 * The newest checkpoint of a lane and the offset up to which it covers the samples: one event of the
 * {@code trainer-state} topic.
 *
 * @param version the version that the checkpoint belongs to
 * @param nextOffset the checkpoint includes all samples of the lane before this offset of the samples topic
 * @param savedAt time at which it was written
 */
public record TrainerState(VersionRef version, long nextOffset, Instant savedAt) {}
