/** Floor 5: what people watch of all lanes, followed in the topics and bounded in memory. */
@NullMarked
package io.headwater.board;

import org.jspecify.annotations.NullMarked;
