/**
 * Floor 0: the configuration as records that validate themselves. Each record declares its keys in a table, from which
 * reading, writing and documentation are derived.
 */
@NullMarked
package io.headwater.config;

import org.jspecify.annotations.NullMarked;
