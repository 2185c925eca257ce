/** The feature cache, in memory and on disk. */
@NullMarked
package io.headwater.engine.cache;

import org.jspecify.annotations.NullMarked;
