/** Floor 1: events as Avro and back, in both framings; the only user of the generated classes. */
@NullMarked
package io.headwater.codec;

import org.jspecify.annotations.NullMarked;
