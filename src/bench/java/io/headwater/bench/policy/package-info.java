/** Measures how fast a policy adapts to a changed environment. */
@NullMarked
package io.headwater.bench.policy;

import org.jspecify.annotations.NullMarked;
