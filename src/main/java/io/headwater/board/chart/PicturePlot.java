package io.headwater.board.chart;

import io.headwater.board.LaneStory;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.regex.Pattern;

/** The history of a lane as a picture. It needs a font on this machine. */
public final class PicturePlot {
    private static final Pattern POINT = Pattern.compile("L");
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int TOP = 48;
    private static final int ACROSS = 900;
    private static final int DOWN = 300;
    private static final int SCALE = 2;
    private static final Color INK = new Color(0x16202b);
    private static final Color SOFT = new Color(0x51606f);
    private static final Color BLUE = new Color(0x0b5cad);

    private PicturePlot() {}

    /** Returns the picture, of 2000 × 840 pixels. */
    public static BufferedImage of(LaneStory story) {
        BufferedImage image = new BufferedImage(SCALE * WIDTH, SCALE * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.scale(SCALE, SCALE);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, WIDTH, HEIGHT);
            text(graphics, LEFT, 28, INK, story.lane().lane().toString());
            draw(graphics, LaneChart.of(story));
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private static void draw(Graphics2D graphics, LaneChart chart) {
        if (chart.isEmpty()) {
            text(graphics, LEFT, 200, SOFT, "There are too few scores for a chart yet.");
            return;
        }
        for (LaneChart.Band band : chart.bands()) {
            int x = x(band.x());
            graphics.setColor(band.isOdd() ? new Color(0xeef3f8) : Color.WHITE);
            graphics.fillRect(x, TOP, x(band.x(), band.width()) - x, DOWN);
            if (band.isWide()) {
                text(graphics, x + 4, TOP + DOWN - 6, SOFT, "v" + band.label());
            }
        }
        graphics.setColor(new Color(0xd5dde5));
        graphics.drawRect(LEFT, TOP, ACROSS, DOWN);
        graphics.setColor(new Color(11, 92, 173, 40));
        graphics.fill(path(chart.band()));
        graphics.setColor(new Color(0x5f3dab));
        graphics.setStroke(
                new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0));
        graphics.draw(path(chart.learner()));
        graphics.setColor(BLUE);
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(path(chart.champion()));
        graphics.setStroke(new BasicStroke(1));
        for (LaneChart.Pin pin : chart.pins()) {
            graphics.setColor(pin.kind().equals("drift") ? new Color(0xa3201d) : new Color(0x5f3dab));
            graphics.drawLine(x(pin.x()), TOP, x(pin.x()), TOP + DOWN);
            graphics.fillOval(x(pin.x()) - 6, TOP + 3, 12, 12);
        }
        text(graphics, 8, TOP + 12, SOFT, chart.top());
        text(graphics, 8, TOP + DOWN / 2 + 5, SOFT, chart.middle());
        text(graphics, 8, TOP + DOWN, SOFT, chart.bottom());
        text(graphics, LEFT, 370, SOFT, chart.from());
        int width = graphics.getFontMetrics().stringWidth(chart.to());
        text(graphics, LEFT + ACROSS - width, 370, SOFT, chart.to());
        text(graphics, LEFT, 400, SOFT, SvgPlot.LEGEND);
    }

    private static void text(Graphics2D graphics, int x, int y, Color colour, String text) {
        graphics.setColor(colour);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        graphics.drawString(text, x, y);
    }

    private static int x(String... percents) {
        double sum = 0;
        for (String percent : percents) {
            sum += Double.parseDouble(percent);
        }
        return (int) Math.round(LEFT + ACROSS * sum / 100);
    }

    /** A path of the chart, which consists of lines in 1000 × 100. */
    private static Path2D path(String lines) {
        Path2D path = new Path2D.Double();
        if (lines.isEmpty()) {
            return path;
        }
        for (String point : POINT.split(lines.replace("M", "").replace("Z", ""))) {
            int space = point.indexOf(' ');
            double x = LEFT + ACROSS * Double.parseDouble(point.substring(0, space)) / 1000;
            double y = TOP + DOWN * Double.parseDouble(point.substring(space + 1)) / 100;
            if (path.getCurrentPoint() == null) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        if (lines.endsWith("Z")) {
            path.closePath();
        }
        return path;
    }
}
