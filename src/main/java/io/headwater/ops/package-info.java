/** Floor 6: putting roles together and running them as a service with health and metrics. */
@NullMarked
package io.headwater.ops;

import org.jspecify.annotations.NullMarked;
