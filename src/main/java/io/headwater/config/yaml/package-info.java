/** Reads and writes the keys of a table as YAML, with every fault and its line. */
@NullMarked
package io.headwater.config.yaml;

import org.jspecify.annotations.NullMarked;
