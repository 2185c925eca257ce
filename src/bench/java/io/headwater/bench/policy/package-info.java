/** How soon a policy adapts to an environment that changes. */
@NullMarked
package io.headwater.bench.policy;

import org.jspecify.annotations.NullMarked;
