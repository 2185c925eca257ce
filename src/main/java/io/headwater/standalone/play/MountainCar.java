package io.headwater.standalone.play;

import java.util.List;

/**
 * A car that is too weak to climb the hill in front of it directly and must gain speed on the hill behind it (Moore
 * 1990, "Efficient memory-based learning for robot control"), with the constants and initial states of the well-known
 * classic-control version. Observations are position and velocity. The reward is −1 for each step until the car is at
 * the top. Not safe for use by several threads.
 */
public final class MountainCar implements Environment {
    private static final double LEFT = -1.2;
    private static final double RIGHT = 0.6;
    private static final double TOP = 0.5;
    private static final double FASTEST = 0.07;

    private final Physics physics;
    private double position;
    private double velocity;
    private int steps;

    /** Creates a car in a world with {@code physics}. */
    public MountainCar(Physics physics) {
        this.physics = physics;
    }

    /**
     * The adjustable parameters of the world, in units of track length and steps.
     *
     * @param gravity from 0 to 1
     * @param force force of the motor, from -1 to 1; negative to swap forward and back
     * @param maxSteps number of steps after which an episode is truncated, positive
     */
    public record Physics(double gravity, double force, int maxSteps) {
        /** The classic parameters: gravity 0.0025, force 0.001, 200 steps. */
        public static final Physics CLASSIC = new Physics(0.0025, 0.001, 200);

        public Physics {
            EnvironmentRules.range("gravity", gravity, 0, 1);
            EnvironmentRules.range("force", force, -1, 1);
            EnvironmentRules.range("max-steps", maxSteps, 1, 1_000_000);
        }
    }

    @Override
    public String name() {
        return "mountain-car";
    }

    @Override
    public List<String> actions() {
        return List.of("back", "coast", "forward");
    }

    @Override
    public int width() {
        return 2;
    }

    @Override
    public float[] reset(long seed) {
        return place(new Randomness(seed, 0).between(-0.6, -0.4), 0);
    }

    /** Begins an episode in a given state and returns the first observation. */
    float[] place(double newPosition, double newVelocity) {
        position = newPosition;
        velocity = newVelocity;
        steps = 0;
        return seen();
    }

    @Override
    public Step step(int action) {
        velocity += (EnvironmentRules.action(action, actions()) - 1) * physics.force()
                - physics.gravity() * StrictMath.cos(3 * position);
        velocity = Math.max(-FASTEST, Math.min(FASTEST, velocity));
        position = Math.max(LEFT, Math.min(RIGHT, position + velocity));
        if (position == LEFT && velocity < 0) {
            velocity = 0;
        }
        steps++;
        boolean arrived = position >= TOP && velocity >= 0;
        return new Step(seen(), -1, arrived, !arrived && steps >= physics.maxSteps());
    }

    private float[] seen() {
        return new float[] {(float) position, (float) velocity};
    }
}
