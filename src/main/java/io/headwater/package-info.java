/** Headwater: continuous transfer learning on an event stream. */
@NullMarked
package io.headwater;

import org.jspecify.annotations.NullMarked;
