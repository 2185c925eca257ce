/** Keys of configuration files: tables of them, the types of their values, and values by key. It knows no file format and no configuration. */
@NullMarked
package io.headwater.config.key;

import org.jspecify.annotations.NullMarked;
