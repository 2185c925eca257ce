/** The subcommands of {@code pretrain}. */
@NullMarked
package io.headwater.cli.pretrain;

import org.jspecify.annotations.NullMarked;
