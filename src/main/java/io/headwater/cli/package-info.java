/** Floor 6: the command line. */
@NullMarked
package io.headwater.cli;

import org.jspecify.annotations.NullMarked;
