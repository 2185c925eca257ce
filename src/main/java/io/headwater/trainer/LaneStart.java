package io.headwater.trainer;

import io.headwater.adapt.LaneLearner;
import io.headwater.domain.VersionRef;
import org.jspecify.annotations.Nullable;

/**
 * A learner, and where it comes from.
 *
 * @param origin the version that it continues from; null when it is untrained
 */
record LaneStart(LaneLearner learner, @Nullable VersionRef origin) {}
