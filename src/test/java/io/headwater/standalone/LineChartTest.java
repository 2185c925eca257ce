package io.headwater.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headwater.standalone.LineChart.Point;
import io.headwater.standalone.LineChart.Series;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LineChartTest {
    private static final List<Point> RISING = List.of(new Point(50, 0.61), new Point(200, 0.7), new Point(1000, 0.84));

    @Test
    void shouldDrawTheSamePictureEachTime() {
        assertThat(chart(true, RISING).svg()).isEqualTo(chart(true, RISING).svg());
    }

    @Test
    void shouldPutTicksAtNiceNumbers() throws Exception {
        List<String> predicted = texts(parsed(chart(true, RISING).svg()));

        assertThat(predicted).contains("50", "100", "200", "500", "1,000").contains("0.60", "0.65", "0.70", "0.85");
    }

    @Test
    void shouldNameTheChartTheAxesAndTheLines() throws Exception {
        Document picture = parsed(chart(false, RISING, RISING).svg());

        assertThat(texts(picture)).contains("Sentiment", "samples", "accuracy", "line 0", "line 1");
        assertThat(picture.getDocumentElement().getAttribute("role")).isEqualTo("img");
        assertThat(first(picture, "title")).isEqualTo("Sentiment");
        assertThat(first(picture, "desc")).contains("line 0").contains("0.8400 at 1000");
    }

    @Test
    void shouldKeepTheNamesOfLinesThatEndTogetherApart() throws Exception {
        Document picture = parsed(chart(false, RISING, RISING, RISING).svg());

        List<Double> places = elements(picture, "text").stream()
                .filter(text -> text.getTextContent().startsWith("line "))
                .map(text -> Double.parseDouble(text.getAttribute("y")))
                .toList();
        assertThat(places).hasSize(3);
        assertThat(places.get(1) - places.get(0)).isGreaterThanOrEqualTo(16);
        assertThat(places.get(2) - places.get(1)).isGreaterThanOrEqualTo(16);
    }

    @Test
    void shouldEscapeWhatXmlWouldRead() throws Exception {
        Series series = new Series("a<b & \"c\" \u0001\uD800", RISING);
        Document picture = parsed(new LineChart("<title>", "]]>", "'", false, List.of(series)).svg());

        assertThat(texts(picture)).contains("<title>", "]]>", "'", "a<b & \"c\" \uFFFD\uFFFD");
    }

    @Test
    void shouldDrawOnePointAndAFlatLine() throws Exception {
        assertInside(parsed(chart(true, List.of(new Point(7, 0))).svg()));
        assertInside(parsed(
                chart(false, List.of(new Point(-3, 1e-30), new Point(4, 1e-30))).svg()));
    }

    @Test
    void shouldMarkOnlyTheEndOfALongLine() throws Exception {
        List<Point> points =
                IntStream.range(0, 500).mapToObj(i -> new Point(i, i % 7)).toList();

        long markers = elements(parsed(chart(false, points).svg()), "path").stream()
                .filter(path -> path.hasAttribute("transform"))
                .count();
        assertThat(markers).as("one on the line, one beside its name").isEqualTo(2);
    }

    @Test
    void shouldRejectWhatAxesCannotShow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Point(1, Double.NaN))
                .withMessageContaining("finite")
                .withMessageContaining("NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> new Point(Double.POSITIVE_INFINITY, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Series("empty", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new LineChart("t", "x", "y", false, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chart(true, List.of(new Point(0, 1))))
                .withMessageContaining("above 0");
    }

    @Property(tries = 300)
    void shouldKeepEveryLineInsideThePicture(@ForAll("lines") List<List<Point>> lines, @ForAll boolean logX)
            throws Exception {
        List<List<Point>> drawn = lines.stream()
                .map(line -> line.stream()
                        .map(point -> logX ? new Point(Math.abs(point.x()) + 1e-9, point.y()) : point)
                        .toList())
                .toList();
        List<List<Point>> all = new ArrayList<>(drawn);
        assertInside(parsed(chart(logX, all).svg()));
    }

    @Provide
    Arbitrary<List<List<Point>>> lines() {
        Arbitrary<Double> value = Arbitraries.oneOf(
                Arbitraries.doubles().between(-1e299, 1e299),
                Arbitraries.doubles().between(-1, 1),
                Arbitraries.integers().between(-5, 5).map(Integer::doubleValue));
        Arbitrary<Point> point = value.flatMap(x -> value.map(y -> new Point(x, y)));
        return point.list().ofMinSize(1).ofMaxSize(6).list().ofMinSize(1).ofMaxSize(9);
    }

    private static void assertInside(Document picture) {
        Element svg = picture.getDocumentElement();
        double width = Double.parseDouble(svg.getAttribute("width"));
        double height = Double.parseDouble(svg.getAttribute("height"));
        for (Element line : elements(picture, "polyline")) {
            for (String point : line.getAttribute("points").split(" ")) {
                double[] place = DoubleStream.of(
                                Double.parseDouble(point.split(",")[0]), Double.parseDouble(point.split(",")[1]))
                        .toArray();
                assertThat(place[0]).isBetween(0.0, width);
                assertThat(place[1]).isBetween(0.0, height);
            }
        }
        assertThat(elements(picture, "text")).hasSizeBetween(6, 60);
    }

    @SafeVarargs
    private static LineChart chart(boolean logX, List<Point>... lines) {
        return chart(logX, List.of(lines));
    }

    private static LineChart chart(boolean logX, List<List<Point>> lines) {
        List<Series> series = IntStream.range(0, lines.size())
                .mapToObj(i -> new Series("line " + i, lines.get(i)))
                .toList();
        return new LineChart("Sentiment", "samples", "accuracy", logX, series);
    }

    private static Document parsed(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static String first(Document picture, String tag) {
        return elements(picture, tag).get(0).getTextContent();
    }

    private static List<String> texts(Document picture) {
        return elements(picture, "text").stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(Document picture, String tag) {
        NodeList nodes = picture.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }
}
