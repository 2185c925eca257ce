/** The command {@code demo} and what it shows. */
@NullMarked
package io.headwater.cli.demo;

import org.jspecify.annotations.NullMarked;
