package io.headwater.board;

import java.util.ArrayList;
import java.util.List;

/**
 * The scores of a lane from its beginning, in a bounded number of points: when there are too many, each two that follow each other
 * become one. Not thread-safe.
 */
final class BoundedCurve {
    private final int most;
    private final List<CurvePoint> points = new ArrayList<>();

    /** @param most maximum number of points, at least 2 */
    BoundedCurve(int most) {
        this.most = most;
    }

    void add(CurvePoint point) {
        points.add(point);
        if (points.size() > most) {
            List<CurvePoint> halved = new ArrayList<>();
            for (int i = 0; i + 1 < points.size(); i += 2) {
                halved.add(points.get(i).with(points.get(i + 1)));
            }
            if (points.size() % 2 == 1) {
                halved.add(points.get(points.size() - 1));
            }
            points.clear();
            points.addAll(halved);
        }
    }

    void clear() {
        points.clear();
    }

    List<CurvePoint> points() {
        return List.copyOf(points);
    }
}
