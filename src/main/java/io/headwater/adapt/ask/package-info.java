/** Floor 3: which requests people should label under a budget. */
@NullMarked
package io.headwater.adapt.ask;

import org.jspecify.annotations.NullMarked;
