/** The commands {@code lanes}, {@code lanes show} and {@code lanes plot}. */
@NullMarked
package io.headwater.cli.lanes;

import org.jspecify.annotations.NullMarked;
