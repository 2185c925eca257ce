/** What transfer learning is good for: adapted models beside the same architecture from scratch and a linear probe. */
@NullMarked
package io.headwater.bench.transfer;

import org.jspecify.annotations.NullMarked;
