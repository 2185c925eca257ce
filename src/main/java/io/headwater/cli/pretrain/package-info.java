/** The commands below {@code pretrain}. */
@NullMarked
package io.headwater.cli.pretrain;

import org.jspecify.annotations.NullMarked;
