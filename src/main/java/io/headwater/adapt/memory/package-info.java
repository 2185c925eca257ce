/** The memory of a lane: the names of its outputs, samples to replay, held-out samples and counts. */
@NullMarked
package io.headwater.adapt.memory;

import org.jspecify.annotations.NullMarked;
