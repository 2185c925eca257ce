/**
 * Floor 0: what people configure, as records that check themselves. Each record declares the keys of its values in a table,
 * from which reading, writing and documentation follow.
 */
@NullMarked
package io.headwater.config;

import org.jspecify.annotations.NullMarked;
