/** Drawings of what the board knows of a lane: for pages, as SVG, as pictures and as text. */
@NullMarked
package io.headwater.board.chart;

import org.jspecify.annotations.NullMarked;
