/**
 * Keys of configuration files: tables of keys, types of values, and values by key. It depends neither on a file format
 * nor on a particular configuration.
 */
@NullMarked
package io.headwater.config.key;

import org.jspecify.annotations.NullMarked;
