/** Floor 4: where artifacts live; files named by their content. */
@NullMarked
package io.headwater.store;

import org.jspecify.annotations.NullMarked;
