package io.headwater.standalone.play;

import java.util.List;

/**
 * Four rooms in a row; going right from the last room ends the episode. The reward is −1 per step, and episodes are
 * truncated after 30 steps.
 */
public final class Corridor implements Environment {
    private int room;
    private int steps;

    @Override
    public String name() {
        return "corridor";
    }

    @Override
    public List<String> actions() {
        return List.of("left", "right");
    }

    @Override
    public int width() {
        return 4;
    }

    @Override
    public float[] reset(long seed) {
        room = 0;
        steps = 0;
        return seen();
    }

    @Override
    public Step step(int action) {
        room = action == 1 ? room + 1 : Math.max(0, room - 1);
        steps++;
        return new Step(seen(), -1, room == width(), room < width() && steps == 30);
    }

    private float[] seen() {
        float[] seen = new float[width()];
        seen[Math.min(room, width() - 1)] = 1;
        return seen;
    }
}
