/** Exports of versions as folders with all that other programs need to use them. */
@NullMarked
package io.headwater.ops.export;

import org.jspecify.annotations.NullMarked;
