/** Floor 6: what people ask of lanes: their versions with scores and sizes, and their classes. */
@NullMarked
package io.headwater.ops.lane;

import org.jspecify.annotations.NullMarked;
