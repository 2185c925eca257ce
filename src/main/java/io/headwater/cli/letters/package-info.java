/** The commands below {@code dead-letters}. */
@NullMarked
package io.headwater.cli.letters;

import org.jspecify.annotations.NullMarked;
