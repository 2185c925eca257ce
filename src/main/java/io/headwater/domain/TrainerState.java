package io.headwater.domain;

import java.time.Instant;

/**
 * The newest checkpoint of a lane and the offset that it stands for: one event of the {@code trainer-state} topic.
 *
 * @param version the version that the checkpoint belongs to
 * @param nextOffset everything of the lane before this offset of the samples topic is in it
 * @param savedAt when it was written
 */
public record TrainerState(VersionRef version, long nextOffset, Instant savedAt) {}
