/** Floor 1: converts events to Avro and back, in both framings. Only this package uses the generated classes. */
@NullMarked
package io.headwater.codec;

import org.jspecify.annotations.NullMarked;
