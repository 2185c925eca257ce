package io.headwater.board.chart;

import io.headwater.board.LaneStory;

/** The history of a lane as a document in SVG, which needs nothing else. */
public final class SvgPlot {
    private static final String STYLE =
            "text{font:14px sans-serif;fill:#16202b}.fine{fill:#51606f}.title{font-size:18px;font-weight:bold}"
                    + ".band{fill:#fff}.odd{fill:#eef3f8}.frame{fill:none;stroke:#d5dde5}.ci{fill:#0b5cad;opacity:.16}"
                    + ".champion,.learner{fill:none;stroke:#0b5cad;stroke-width:2;vector-effect:non-scaling-stroke}"
                    + ".learner{stroke:#5f3dab;stroke-dasharray:5 4}.pin line{stroke:#51606f;stroke-dasharray:3 3}"
                    + ".pin circle{fill:#5f3dab}.drift circle,.lost circle{fill:#a3201d}.rolled-back circle{fill:#7a4b00}";

    private SvgPlot() {}

    /** Returns the document. Whatever it contains of strangers is escaped. */
    public static String of(LaneStory story) {
        LaneChart chart = LaneChart.of(story);
        StringBuilder svg = new StringBuilder()
                .append(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000\" height=\"420\" viewBox=\"0 0 1000 420\" role=\"img\">\n<title>")
                .append(escaped("Scores of lane " + story.lane().lane()))
                .append("</title>\n<style>")
                .append(STYLE)
                .append("</style>\n<rect width=\"1000\" height=\"420\" fill=\"#fff\"/>\n");
        text(svg, 70, 28, "title", story.lane().lane().toString());
        if (chart.isEmpty()) {
            text(svg, 70, 200, "fine", "There are too few scores for a chart yet.");
            return svg.append("</svg>\n").toString();
        }
        svg.append("<svg x=\"70\" y=\"48\" width=\"900\" height=\"300\">\n");
        for (LaneChart.Band band : chart.bands()) {
            svg.append("<rect class=\"band%s\" x=\"%s%%\" width=\"%s%%\" height=\"100%%\"><title>%s</title></rect>\n"
                    .formatted(band.isOdd() ? " odd" : "", band.x(), band.width(), escaped(band.title())));
            if (band.isWide()) {
                svg.append("<text class=\"fine\" x=\"%s%%\" dx=\"4\" y=\"98%%\">v%s</text>\n"
                        .formatted(band.x(), escaped(band.label())));
            }
        }
        svg.append("<svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" width=\"100%\" height=\"100%\">")
                .append("<path class=\"ci\" d=\"")
                .append(chart.band())
                .append("\"/><path class=\"learner\" d=\"")
                .append(chart.learner())
                .append("\"/><path class=\"champion\" d=\"")
                .append(chart.champion())
                .append("\"/></svg>\n");
        for (LaneChart.Pin pin : chart.pins()) {
            svg.append(
                    "<g class=\"pin %s\"><title>%s</title><line x1=\"%s%%\" x2=\"%s%%\" y1=\"0\" y2=\"100%%\"/><circle cx=\"%s%%\" cy=\"9\" r=\"6\"/></g>\n"
                            .formatted(pin.kind(), escaped(pin.title()), pin.x(), pin.x(), pin.x()));
        }
        svg.append("</svg>\n<rect class=\"frame\" x=\"70\" y=\"48\" width=\"900\" height=\"300\"/>\n");
        text(svg, 8, 60, "fine", chart.top());
        text(svg, 8, 203, "fine", chart.middle());
        text(svg, 8, 348, "fine", chart.bottom());
        text(svg, 70, 370, "fine", chart.from());
        svg.append("<text class=\"fine\" x=\"970\" y=\"370\" text-anchor=\"end\">")
                .append(escaped(chart.to()))
                .append("</text>\n");
        text(svg, 70, 400, "fine", LEGEND);
        return svg.append("</svg>\n").toString();
    }

    static final String LEGEND =
            "solid: what served, with its 95 % interval; dashed: the head in training; stripes: the versions that served; dots: drift, decisions";

    private static void text(StringBuilder svg, int x, int y, String type, String text) {
        svg.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(type, x, y, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("[\\p{Cntrl}\\p{Cs}\uFFFE\uFFFF]", "?");
    }
}
