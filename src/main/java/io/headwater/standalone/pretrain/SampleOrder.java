package io.headwater.standalone.pretrain;

import io.headwater.engine.SplitMix64;
import java.util.Arrays;

/**
 * The order in which samples are trained on. Some samples, chosen by the seed, are held out; the others are shuffled
 * anew in each epoch. The order follows from the seed and the epoch, so checkpoints need not store it. Not safe for
 * use by several threads.
 */
final class SampleOrder {
    private static final long HELD_OUT = -1;

    private final long seed;
    private final int[] heldOut;
    private final int[] learned;
    private long epoch = -1;
    private int[] order = {};

    /**
     * Creates an order of samples.
     *
     * @param samples number of samples, at least 2
     * @param share share of samples that is held out, 0 to 0.5; at least one sample if it is above 0
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

    /** Returns the indices of the held-out samples. */
    int[] heldOut() {
        return heldOut;
    }

    /** Returns the number of samples per epoch. */
    int epoch() {
        return learned.length;
    }

    /** Returns the index of the sample at position {@code turn}, from 0, of the training sequence. */
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
