/** Reads labelled samples from files, for {@code adapt}, {@code produce} and {@code pretrain}. */
@NullMarked
package io.headwater.standalone.data;

import org.jspecify.annotations.NullMarked;
