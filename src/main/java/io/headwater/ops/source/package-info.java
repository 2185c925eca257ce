/** Floor 6: the files from which a process takes its adaptations: where they are, what they say and what is wrong with them. */
@NullMarked
package io.headwater.ops.source;

import org.jspecify.annotations.NullMarked;
