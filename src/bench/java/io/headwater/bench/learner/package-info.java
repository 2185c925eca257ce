/** Measures the learner of a lane in one pass over frozen features, beside classifiers that see all samples at once. */
@NullMarked
package io.headwater.bench.learner;

import org.jspecify.annotations.NullMarked;
