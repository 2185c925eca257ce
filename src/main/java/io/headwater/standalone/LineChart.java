package io.headwater.standalone;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A line chart drawn as SVG: a light background that is legible on dark pages too, colours that colour-blind readers
 * can distinguish, a different marker for each series, and the name of each series at the end of its line.
 *
 * @param title title above the chart
 * @param xLabel label of the x axis, with its unit
 * @param yLabel label of the y axis, with its unit
 * @param logX whether the x axis is logarithmic; every x must then be above 0
 * @param series the series, drawn in this order; at least one
 */
public record LineChart(String title, String xLabel, String yLabel, boolean logX, List<Series> series) {
    private static final double LEFT = 72;
    private static final double RIGHT = 520;
    private static final double TOP = 48;
    private static final double BOTTOM = 340;
    private static final double HEIGHT = 400;
    private static final double LINE = 17;
    /** Estimated upper bound of the width of a letter in series names; the browser's font is not known here. */
    private static final double LETTER = 7.4;
    /** Palette after Okabe and Ito, "Color Universal Design", without the yellow, which is hardly visible on white. */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#b5478c", "#56a0d8", "#b07800", "#333333");
    /**
     * SVG paths centred on (0, 0). Their number is coprime to the number of colours, so that pairs of colour and
     * marker repeat late.
     */
    private static final List<String> MARKERS = List.of(
            "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
            "M-4,-4h8v8h-8z",
            "M0,-5l5,9h-10z",
            "M0,-5.5l5.5,5.5l-5.5,5.5l-5.5,-5.5z",
            "M0,5l5,-9h-10z",
            "M-1.5,-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z");
    /** A line with more points than this has a marker only at its end. */
    private static final int MARKED = 30;

    private static final int TICKS = 6;

    /**
     * Creates a chart that can be drawn.
     *
     * @throws IllegalArgumentException if there is no series, or a value that the axes cannot show
     */
    public LineChart {
        series = List.copyOf(series);
        if (series.isEmpty()) {
            throw new IllegalArgumentException("chart '" + title + "' must have at least one series, but has none");
        }
        for (Series one : series) {
            for (Point point : one.points()) {
                if (logX && point.x() <= 0) {
                    throw new IllegalArgumentException(
                            "chart '%s': x must be above 0 on a logarithmic axis, but series '%s' has %s"
                                    .formatted(title, one.name(), point.x()));
                }
            }
        }
    }

    /**
     * A named line, or named marks.
     *
     * @param name label shown at the height of the last point
     * @param points points, in this order; at least one
     * @param joined whether a line joins the points; otherwise each point is a mark
     */
    public record Series(String name, List<Point> points, boolean joined) {
        /** Creates a line. */
        public Series(String name, List<Point> points) {
            this(name, points, true);
        }

        /**
         * Creates a line that can be drawn.
         *
         * @throws IllegalArgumentException if there is no point
         */
        public Series {
            points = List.copyOf(points);
            if (points.isEmpty()) {
                throw new IllegalArgumentException("series '" + name + "' must have at least one point, but has none");
            }
        }
    }

    /** A point; both values are finite and their absolute values below 1e300, so that differences are finite too. */
    public record Point(double x, double y) {
        private static final double LARGEST = 1e300;

        /**
         * Creates a point that can be drawn.
         *
         * @throws IllegalArgumentException if a value is not finite or too large
         */
        public Point {
            // Negated so that NaN is rejected too.
            if (!(Math.abs(x) < LARGEST && Math.abs(y) < LARGEST)) {
                throw new IllegalArgumentException(
                        "a point must be of finite numbers below 1e300, but is (" + x + ", " + y + ")");
            }
        }
    }

    /** Returns the chart as an SVG document, the same at each call. */
    public String svg() {
        Axis horizontal = axis(Point::x, logX, LEFT, RIGHT);
        Axis vertical = axis(Point::y, false, BOTTOM, TOP);
        double width = RIGHT
                + 42
                + LETTER
                        * series.stream()
                                .mapToInt(one -> one.name().length())
                                .max()
                                .orElse(0);
        StringBuilder svg = new StringBuilder();
        svg.append(
                ("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\""
                                + " font-family=\"Helvetica,Arial,'DejaVu Sans',sans-serif\" font-size=\"13\" fill=\"#24292f\">\n")
                        .formatted(shown(width), shown(HEIGHT), shown(width), shown(HEIGHT)));
        svg.append("<title>%s</title>\n<desc>%s</desc>\n".formatted(escaped(title), escaped(told())));
        svg.append(
                ("<rect x=\"0.5\" y=\"0.5\" width=\"%s\" height=\"%s\" rx=\"6\" fill=\"#ffffff\" stroke=\"#d0d7de\"/>\n")
                        .formatted(shown(width - 1), shown(HEIGHT - 1)));
        text(svg, LEFT, 28, "start", "font-size=\"16\" font-weight=\"bold\"", title);
        axes(svg, horizontal, vertical);
        for (int i = 0; i < series.size(); i++) {
            line(svg, i, horizontal, vertical);
        }
        names(svg, vertical);
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg, Axis horizontal, Axis vertical) {
        for (double tick : vertical.ticks()) {
            double y = vertical.at(tick);
            svg.append("<path d=\"M%s,%sH%s\" stroke=\"#e3e7eb\"/>\n".formatted(shown(LEFT), shown(y), shown(RIGHT)));
            text(svg, LEFT - 8, y + 4.5, "end", "", vertical.name(tick));
        }
        for (double tick : horizontal.ticks()) {
            double x = horizontal.at(tick);
            svg.append("<path d=\"M%s,%sv5\" stroke=\"#57606a\"/>\n".formatted(shown(x), shown(BOTTOM)));
            text(svg, x, BOTTOM + 20, "middle", "", horizontal.name(tick));
        }
        svg.append("<path d=\"M%s,%sH%s\" stroke=\"#57606a\"/>\n".formatted(shown(LEFT), shown(BOTTOM), shown(RIGHT)));
        text(svg, (LEFT + RIGHT) / 2, BOTTOM + 44, "middle", "", xLabel);
        String turned = "transform=\"rotate(-90 18 %s)\"".formatted(shown((TOP + BOTTOM) / 2));
        text(svg, 18, (TOP + BOTTOM) / 2, "middle", turned, yLabel);
    }

    private void line(StringBuilder svg, int index, Axis horizontal, Axis vertical) {
        List<Point> points = series.get(index).points();
        String path = points.stream()
                .map(point -> shown(horizontal.at(point.x())) + "," + shown(vertical.at(point.y())))
                .collect(Collectors.joining(" "));
        boolean joined = series.get(index).joined();
        if (joined) {
            svg.append(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-linejoin=\"round\"/>\n"
                            .formatted(path, colour(index)));
        }
        int first = joined && points.size() > MARKED ? points.size() - 1 : 0;
        for (Point point : points.subList(first, points.size())) {
            marker(svg, index, horizontal.at(point.x()), vertical.at(point.y()));
        }
    }

    /** Writes the series names beside the ends of the lines, moved apart where they would overlap. */
    private void names(StringBuilder svg, Axis vertical) {
        List<Integer> order = IntStream.range(0, series.size())
                .boxed()
                .sorted(Comparator.comparingDouble(
                        index -> vertical.at(last(index).y())))
                .toList();
        double[] places = new double[order.size()];
        for (int i = 0; i < places.length; i++) {
            double wanted = vertical.at(last(order.get(i)).y());
            places[i] = i == 0 ? wanted : Math.max(wanted, places[i - 1] + LINE);
        }
        for (int i = places.length - 1; i >= 0; i--) {
            double below = i == places.length - 1 ? BOTTOM : places[i + 1] - LINE;
            places[i] = Math.min(places[i], below);
        }
        for (int i = 0; i < places.length; i++) {
            marker(svg, order.get(i), RIGHT + 18, places[i]);
            text(
                    svg,
                    RIGHT + 28,
                    places[i] + 4.5,
                    "start",
                    "",
                    series.get(order.get(i)).name());
        }
    }

    private Point last(int index) {
        List<Point> points = series.get(index).points();
        return points.get(points.size() - 1);
    }

    private static void marker(StringBuilder svg, int index, double x, double y) {
        svg.append("<path transform=\"translate(%s %s)\" d=\"%s\" fill=\"%s\"/>\n"
                .formatted(shown(x), shown(y), MARKERS.get(index % MARKERS.size()), colour(index)));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String more, String text) {
        svg.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\"%s>%s</text>\n"
                .formatted(shown(x), shown(y), anchor, more.isEmpty() ? "" : " " + more, escaped(text)));
    }

    private static String colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    /** Returns a textual description of the chart for screen readers. */
    private String told() {
        return series.stream()
                .map(one -> one.name() + ": "
                        + one.points().stream()
                                .skip(Math.max(0, one.points().size() - MARKED))
                                .map(point -> "%s at %s".formatted(number(point.y()), number(point.x())))
                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; ", yLabel + " by " + xLabel + ". ", "."));
    }

    private Axis axis(ToDoubleFunction<Point> value, boolean logarithmic, double from, double to) {
        double[] values = series.stream()
                .flatMap(one -> one.points().stream())
                .mapToDouble(value)
                .toArray();
        double low = DoubleStream.of(values).min().orElse(0);
        double high = DoubleStream.of(values).max().orElse(1);
        if (logarithmic) {
            return Axis.logarithmic(low, high, from, to);
        }
        return Axis.linear(low, high, from, to);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** Formats a coordinate with one decimal place. */
    private static String shown(double place) {
        String text = String.format(Locale.ROOT, "%.1f", place);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(letter -> {
            switch (letter) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isXml(letter) ? letter : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    /** Returns whether a character is allowed in XML 1.0 (section 2.2). */
    private static boolean isXml(int letter) {
        boolean surrogate = letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE;
        return letter >= 0x20 && !surrogate && letter != 0xFFFE && letter != 0xFFFF;
    }

    /**
     * Maps values to coordinates.
     *
     * @param low value at {@code from}; its logarithm when {@code logarithmic}
     * @param high value at {@code to}; its logarithm when {@code logarithmic}
     */
    private record Axis(boolean logarithmic, double low, double high, double from, double to, List<Double> ticks) {
        private static final double[] NICE = {1, 2, 5, 10};

        static Axis linear(double low, double high, double from, double to) {
            double span = high - low;
            // Values that differ only by rounding errors count as one value.
            double least = Math.max(Math.abs(low), Math.abs(high)) * 1e-9;
            double width = span > least ? span : Math.max(Math.abs(low) / 2, 1e-3);
            double step = step(width);
            long first = (long) Math.floor((span > least ? low : low - width / 2) / step + 1e-9);
            long last = (long) Math.ceil((span > least ? high : high + width / 2) / step - 1e-9);
            List<Double> ticks = new ArrayList<>();
            for (long i = first; i <= last; i++) {
                ticks.add(i * step);
            }
            return new Axis(false, first * step, last * step, from, to, ticks);
        }

        static Axis logarithmic(double low, double high, double from, double to) {
            double margin = high > low * (1 + 1e-9) ? 0.02 * Math.log10(high / low) : 0.2;
            List<Double> ticks = ticks(low, high, NICE.length - 1, 1);
            for (int stride = 1; ticks.size() > TICKS + 2; stride++) {
                ticks = ticks(low, high, 1, stride);
            }
            return new Axis(true, Math.log10(low) - margin, Math.log10(high) + margin, from, to, ticks);
        }

        /**
         * Returns ticks with one significant digit: the first {@code digits} of 1, 2 and 5 at every {@code stride}-th
         * power of ten.
         */
        private static List<Double> ticks(double low, double high, int digits, int stride) {
            List<Double> within = new ArrayList<>();
            int lowest = (int) Math.floor(Math.log10(low));
            int highest = (int) Math.ceil(Math.log10(high));
            for (int power = lowest; power <= highest; power++) {
                for (int i = 0; i < digits && power % stride == 0; i++) {
                    // Parsed rather than computed, because computed powers of ten below 1 show rounding errors.
                    double tick = Double.parseDouble((int) NICE[i] + "e" + power);
                    if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) {
                        within.add(tick);
                    }
                }
            }
            return within.isEmpty() ? List.of(low) : within;
        }

        private static double step(double width) {
            double rough = width / TICKS;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            for (double nice : NICE) {
                if (nice * power >= rough * (1 - 1e-9)) {
                    return nice * power;
                }
            }
            return 10 * power;
        }

        double at(double value) {
            double place = logarithmic ? Math.log10(value) : value;
            return from + (place - low) / (high - low) * (to - from);
        }

        /** Formats a tick with as many digits as distinguish it from its neighbours. */
        String name(double tick) {
            double step = ticks.size() > 1 && !logarithmic ? ticks.get(1) - ticks.get(0) : Math.abs(tick);
            double largest = ticks.stream().mapToDouble(Math::abs).max().orElse(0);
            if (largest >= 1e7 || step < 1e-4 && step > 0) {
                return tick == 0 ? "0" : String.format(Locale.ROOT, "%.3g", tick);
            }
            int digits = step > 0 ? (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) : 0;
            String name = String.format(Locale.ROOT, "%,." + digits + "f", tick);
            return name.matches("-[0.]+") ? name.substring(1) : name;
        }
    }
}
