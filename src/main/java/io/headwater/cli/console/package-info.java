/** What all commands share: printing, progress and help. */
@NullMarked
package io.headwater.cli.console;

import org.jspecify.annotations.NullMarked;
