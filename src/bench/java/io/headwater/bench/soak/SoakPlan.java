package io.headwater.bench.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The faults of a soak, in phases: one for each kind of fault, so that what is found can be told by it, and one in which all kinds
 * come in random order without waiting for each other.
 *
 * @param phases in order
 */
record SoakPlan(List<Phase> phases) {
    /** The name of the phase of all kinds. */
    static final String ALL = "all in random order";

    /**
     * Faults whose effect is counted together.
     *
     * @param name name in the result
     * @param faults in order
     * @param waits whether a fault waits until what it hits is ready
     */
    record Phase(String name, List<Fault> faults, boolean waits) {}

    /**
     * Returns a plan with {@code kills} kills in all, a third of them in phases of all kinds, and further faults in proportion.
     *
     * @param rounds how often the phases are repeated
     */
    static SoakPlan of(int kills, int rounds, Random random) {
        List<Phase> phases = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            int inRound = kills * (round + 1) / rounds - kills * round / rounds;
            int mixed = inRound / 3;
            int alone = inRound - mixed;
            int broker = alone / 4;
            int predictor = alone / 3;
            int others = Math.max(1, inRound / 25);
            phases.add(alone(Fault.KILL_TRAINER, alone - broker - predictor));
            phases.add(alone(Fault.KILL_PREDICTOR, predictor));
            phases.add(alone(Fault.KILL_BROKER, broker));
            Stream.of(Fault.PAUSE_TRAINER, Fault.PAUSE_PREDICTOR, Fault.PAUSE_BROKER, Fault.FULL_DISK, Fault.STORE_AWAY)
                    .forEach(fault -> phases.add(alone(fault, others)));
            phases.add(new Phase(ALL, mixed(mixed, others, random), false));
        }
        return new SoakPlan(List.copyOf(phases));
    }

    private static Phase alone(Fault fault, int times) {
        return new Phase(fault.title(), Collections.nCopies(times, fault), true);
    }

    private static List<Fault> mixed(int kills, int others, Random random) {
        List<Fault> faults = new ArrayList<>();
        Fault[] all = Fault.values();
        for (int i = 0; i < kills; i++) {
            faults.add(all[i % 3]);
        }
        for (int i = 0; i < others; i++) {
            faults.add(all[3 + random.nextInt(3)]);
            faults.add(Fault.FULL_DISK);
            faults.add(Fault.STORE_AWAY);
        }
        Collections.shuffle(faults, random);
        return List.copyOf(faults);
    }
}
