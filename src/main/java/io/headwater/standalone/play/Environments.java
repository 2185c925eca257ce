package io.headwater.standalone.play;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Creates environments by name. */
public final class Environments {
    private static final String CART_POLE = "cart-pole";
    private static final String MOUNTAIN_CAR = "mountain-car";

    /** The names that {@link #of} accepts. */
    public static final List<String> NAMES = List.of(CART_POLE, MOUNTAIN_CAR);

    private Environments() {}

    /**
     * Creates the environment called {@code name}.
     *
     * @param changes physical parameters that differ from the classic ones, by name: for cart-pole {@code gravity},
     *     {@code cart-mass}, {@code pole-mass}, {@code pole-length} (half of it), {@code force}, {@code step-seconds}
     *     and {@code max-steps}; for mountain-car {@code gravity}, {@code force} and {@code max-steps}
     * @throws IllegalArgumentException if there is no such environment or parameter, or a value is out of range
     */
    public static Environment of(String name, Map<String, Double> changes) {
        return switch (name) {
            case CART_POLE -> cartPole(new Numbers(name, changes));
            case MOUNTAIN_CAR -> mountainCar(new Numbers(name, changes));
            default ->
                throw new IllegalArgumentException(
                        "an environment must be one of %s, but is '%s'; choose one".formatted(NAMES, name));
        };
    }

    private static Environment cartPole(Numbers numbers) {
        CartPole.Physics classic = CartPole.Physics.CLASSIC;
        CartPole.Physics physics = new CartPole.Physics(
                numbers.get("gravity", classic.gravity()),
                numbers.get("cart-mass", classic.cartMass()),
                numbers.get("pole-mass", classic.poleMass()),
                numbers.get("pole-length", classic.halfLength()),
                numbers.get("force", classic.force()),
                numbers.get("step-seconds", classic.seconds()),
                (int) numbers.get("max-steps", classic.maxSteps()));
        numbers.requireKnown();
        return new CartPole(physics);
    }

    private static Environment mountainCar(Numbers numbers) {
        MountainCar.Physics classic = MountainCar.Physics.CLASSIC;
        MountainCar.Physics physics = new MountainCar.Physics(
                numbers.get("gravity", classic.gravity()), numbers.get("force", classic.force()), (int)
                        numbers.get("max-steps", classic.maxSteps()));
        numbers.requireKnown();
        return new MountainCar(physics);
    }

    /** The changed parameters by name; keeps track of the names looked up, in order to report unknown ones. */
    private static final class Numbers {
        private final String environment;
        private final Map<String, Double> given;
        private final Map<String, Double> known = new TreeMap<>();

        Numbers(String environment, Map<String, Double> given) {
            this.environment = environment;
            this.given = given;
        }

        double get(String name, double otherwise) {
            known.put(name, otherwise);
            return given.getOrDefault(name, otherwise);
        }

        void requireKnown() {
            Set<String> unknown = new TreeSet<>(given.keySet());
            unknown.removeAll(known.keySet());
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException("'%s' must be a number of environment %s, which has %s; leave it out"
                        .formatted(unknown.iterator().next(), environment, known));
            }
        }
    }
}
