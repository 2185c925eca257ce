package io.headwater.standalone.play;

import java.util.List;

/**
 * A pole on a cart that is pushed to the left or to the right (Barto, Sutton, Anderson 1983, "Neuronlike adaptive
 * elements that can solve difficult learning control problems"), with the constants, the Euler integration and the
 * initial states of the well-known classic-control version. Observations are position, velocity, angle and angular
 * velocity. The reward is 1 per step until the pole leans by more than 12 degrees or the cart leaves the track. Not
 * safe for use by several threads.
 */
public final class CartPole implements Environment {
    private static final double MOST_POSITION = 2.4;
    private static final double MOST_ANGLE = 12 * 2 * Math.PI / 360;
    private static final double FIRST = 0.05;

    private final Physics physics;
    private double position;
    private double velocity;
    private double angle;
    private double spin;
    private int steps;

    /** Creates a cart in a world with {@code physics}. */
    public CartPole(Physics physics) {
        this.physics = physics;
    }

    /**
     * The adjustable parameters of the world.
     *
     * @param gravity gravity in m/s², from 0 to 1000
     * @param cartMass mass of the cart in kg, positive
     * @param poleMass mass of the pole in kg, positive
     * @param halfLength half the length of the pole in m, positive
     * @param force force of a push in N; negative to swap left and right
     * @param seconds duration of a step in seconds, positive
     * @param maxSteps number of steps after which an episode is truncated, positive
     */
    public record Physics(
            double gravity,
            double cartMass,
            double poleMass,
            double halfLength,
            double force,
            double seconds,
            int maxSteps) {
        /** The classic parameters: 9.8 m/s², 1 kg, 0.1 kg, 0.5 m, 10 N, 20 ms, 500 steps. */
        public static final Physics CLASSIC = new Physics(9.8, 1, 0.1, 0.5, 10, 0.02, 500);

        public Physics {
            EnvironmentRules.range("gravity", gravity, 0, 1000);
            EnvironmentRules.positive("cart-mass", cartMass);
            EnvironmentRules.positive("pole-mass", poleMass);
            EnvironmentRules.positive("pole-length", halfLength);
            EnvironmentRules.range("force", force, -1000, 1000);
            EnvironmentRules.positive("step-seconds", seconds);
            EnvironmentRules.range("max-steps", maxSteps, 1, 1_000_000);
        }
    }

    @Override
    public String name() {
        return "cart-pole";
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
        Randomness random = new Randomness(seed, 0);
        return place(
                random.between(-FIRST, FIRST),
                random.between(-FIRST, FIRST),
                random.between(-FIRST, FIRST),
                random.between(-FIRST, FIRST));
    }

    /** Begins an episode in a given state and returns the first observation. */
    float[] place(double newPosition, double newVelocity, double newAngle, double newSpin) {
        position = newPosition;
        velocity = newVelocity;
        angle = newAngle;
        spin = newSpin;
        steps = 0;
        return seen();
    }

    @Override
    public Step step(int action) {
        push(EnvironmentRules.action(action, actions()) == 1 ? physics.force() : -physics.force());
        steps++;
        boolean fell = Math.abs(position) > MOST_POSITION || Math.abs(angle) > MOST_ANGLE;
        return new Step(seen(), 1, fell, !fell && steps >= physics.maxSteps());
    }

    /** Advances the equations of motion without friction by one Euler step. */
    void push(double force) {
        double sine = StrictMath.sin(angle);
        double cosine = StrictMath.cos(angle);
        double mass = physics.cartMass() + physics.poleMass();
        double moment = physics.poleMass() * physics.halfLength();
        double pushed = (force + moment * spin * spin * sine) / mass;
        double angular = (physics.gravity() * sine - cosine * pushed)
                / (physics.halfLength() * (4.0 / 3 - physics.poleMass() * cosine * cosine / mass));
        double linear = pushed - moment * angular * cosine / mass;
        position += physics.seconds() * velocity;
        velocity += physics.seconds() * linear;
        angle += physics.seconds() * spin;
        spin += physics.seconds() * angular;
    }

    /**
     * Returns the kinetic plus potential energy in J; without a push it is constant except for the integration error.
     */
    double energy() {
        double moment = physics.poleMass() * physics.halfLength();
        double cosine = StrictMath.cos(angle);
        return (physics.cartMass() + physics.poleMass()) * velocity * velocity / 2
                + moment * velocity * spin * cosine
                + moment * physics.halfLength() * spin * spin * 2 / 3
                + moment * physics.gravity() * cosine;
    }

    private float[] seen() {
        return new float[] {(float) position, (float) velocity, (float) angle, (float) spin};
    }
}
