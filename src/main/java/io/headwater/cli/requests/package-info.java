/** The commands {@code label} and {@code trace}, about single requests. */
@NullMarked
package io.headwater.cli.requests;

import org.jspecify.annotations.NullMarked;
