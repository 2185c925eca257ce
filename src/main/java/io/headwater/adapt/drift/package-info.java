/**
 * Detectors of changes in the stream of a lane: in errors, which need labels, and in features, which need none. The
 * defaults raise a false alarm in at most 5 % of stationary streams of 10,000 samples.
 */
@NullMarked
package io.headwater.adapt.drift;

import org.jspecify.annotations.NullMarked;
