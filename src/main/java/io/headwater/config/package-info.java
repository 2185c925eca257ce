/** Floor 0: configuration as records that validate themselves, and a YAML reader that reports all errors with their lines. */
@NullMarked
package io.headwater.config;

import org.jspecify.annotations.NullMarked;
