/** Measures what samples without a label are worth in a new domain. */
@NullMarked
package io.headwater.bench.unlabelled;

import org.jspecify.annotations.NullMarked;
