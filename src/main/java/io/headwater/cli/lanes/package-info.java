/** The commands {@code lanes} and {@code lanes show}. */
@NullMarked
package io.headwater.cli.lanes;

import org.jspecify.annotations.NullMarked;
