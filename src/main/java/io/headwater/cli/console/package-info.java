/** Output, progress and help, which all commands share. */
@NullMarked
package io.headwater.cli.console;

import org.jspecify.annotations.NullMarked;
