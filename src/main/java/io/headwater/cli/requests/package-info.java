/** The commands {@code label}, {@code trace} and {@code asks}, about single requests. */
@NullMarked
package io.headwater.cli.requests;

import org.jspecify.annotations.NullMarked;
