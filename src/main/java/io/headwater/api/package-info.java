/** Floor 6: predictions over HTTP. */
@NullMarked
package io.headwater.api;

import org.jspecify.annotations.NullMarked;
