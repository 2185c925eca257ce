/** Images as input: file formats, resizing, and the preparation for a base model. */
@NullMarked
package io.headwater.task.image;

import org.jspecify.annotations.NullMarked;
