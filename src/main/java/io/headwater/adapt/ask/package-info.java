/** Floor 3: which requests people should label under a budget, and estimates from the labels of chosen requests. */
@NullMarked
package io.headwater.adapt.ask;

import org.jspecify.annotations.NullMarked;
