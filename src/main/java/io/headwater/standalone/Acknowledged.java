package io.headwater.standalone;

import java.util.HashSet;
import java.util.Set;

/**
 * Counts acknowledged records up to the first that is not. Records on several partitions are acknowledged in any order. Safe for
 * use by several threads.
 */
final class Acknowledged {
    private final Set<Long> ahead = new HashSet<>();
    private long count;

    /** Notes that the record with this number was acknowledged, where the first one has the number 0. */
    synchronized void add(long number) {
        ahead.add(number);
        while (ahead.remove(count)) {
            count++;
        }
    }

    /** Returns how many of the first records were acknowledged without a gap. */
    synchronized long count() {
        return count;
    }
}
