package io.headwater.standalone.pretrain;

import io.headwater.engine.SplitMix64;
import java.util.Arrays;

/**
 * Which samples are learned when. Some, chosen by the seed, are held out; the others come in an order of their own in each
 * epoch, which follows from the seed and the epoch, so nothing of it has to be remembered. Not safe for use by several threads.
 */
final class SampleOrder {
    private static final long HELD_OUT = -1;

    private final long seed;
    private final int[] heldOut;
    private final int[] learned;
    private long epoch = -1;
    private int[] order = {};

    /**
     * An order of samples.
     *
     * @param samples at least 2
     * @param share of them that is held out, 0 to 0.5; at least one sample where it is above 0
     */
    SampleOrder(long seed, int samples, double share) {
        this.seed = seed;
        int[] all = shuffled(samples, HELD_OUT);
        int out = share == 0 ? 0 : Math.max(1, (int) Math.round(share * samples));
        heldOut = Arrays.copyOfRange(all, 0, out);
        learned = Arrays.copyOfRange(all, out, samples);
        Arrays.sort(heldOut);
        Arrays.sort(learned);
    }

    /** The samples that are never learned. */
    int[] heldOut() {
        return heldOut;
    }

    /** How many are learned in an epoch. */
    int epoch() {
        return learned.length;
    }

    /** The sample whose turn it is after {@code turn} others. */
    int at(long turn) {
        if (turn / learned.length != epoch) {
            epoch = turn / learned.length;
            order = shuffled(learned.length, epoch);
        }
        return learned[order[(int) (turn % learned.length)]];
    }

    private int[] shuffled(int count, long step) {
        SplitMix64 random = new SplitMix64(seed, step);
        int[] shuffled = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            shuffled[i] = shuffled[other];
            shuffled[other] = i;
        }
        return shuffled;
    }
}
