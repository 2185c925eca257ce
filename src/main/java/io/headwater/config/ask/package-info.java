/** The budget for labels: which requests people should label, and how many. */
@NullMarked
package io.headwater.config.ask;

import org.jspecify.annotations.NullMarked;
