/** Floor 5: what all answering roles share: the heads that serve, and answers by them. */
@NullMarked
package io.headwater.serving;

import org.jspecify.annotations.NullMarked;
