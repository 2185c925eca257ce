package io.headwater.page;

import io.headwater.board.chart.Figures;

/**
 * A number between 0 and 1 as a bar.
 *
 * @param width in percent
 */
record Bar(String name, String width, String value) {
    static Bar of(String name, double fraction) {
        return new Bar(name, Figures.coordinate(100 * Math.max(0, Math.min(1, fraction))), Figures.percent(fraction));
    }
}
