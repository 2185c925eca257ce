/** Floor 0: what people configure, as records that check themselves, and the YAML reader that names every fault with its line. */
@NullMarked
package io.headwater.config;

import org.jspecify.annotations.NullMarked;
