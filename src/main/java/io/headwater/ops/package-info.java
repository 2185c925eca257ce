/** Floor 6: creates the roles and runs them as a service with health checks and metrics. */
@NullMarked
package io.headwater.ops;

import org.jspecify.annotations.NullMarked;
