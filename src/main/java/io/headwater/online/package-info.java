/** Floor 5: answers to callers who wait for them, in micro-batches that all callers share. */
@NullMarked
package io.headwater.online;

import org.jspecify.annotations.NullMarked;
