package io.headwater.domain;

import org.jspecify.annotations.Nullable;

/**
 * A version of another lane whose statistics were added to those of a lane.
 *
 * @param version the version
 * @param since the version whose samples are contained in both: its statistics were subtracted, so that these samples count
 *     once; null when no sample is contained in both
 */
public record MergedVersion(VersionRef version, @Nullable VersionRef since) {}
