/** Floor 1: converts events to Avro and back, in both framings. It is the only package that uses the generated classes. */
@NullMarked
package io.headwater.codec;

import org.jspecify.annotations.NullMarked;
