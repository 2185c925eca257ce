/** Floor 0: the words of Headwater as records, sealed outcomes and ports; imports nothing of ours. */
@NullMarked
package io.headwater.domain;

import org.jspecify.annotations.NullMarked;
