/** The subcommands of {@code models}. */
@NullMarked
package io.headwater.cli.models;

import org.jspecify.annotations.NullMarked;
