package io.headwater.standalone;

import java.time.Duration;

/**
 * What is asked in {@link LateDemo}, and how labels come.
 *
 * @param source number of labelled messages of the source domain that the model knows at first, from 1
 * @param delay time from a request to its label, which does not come before the answer; positive
 * @param oneIn of so many requests one gets a label, from 1
 * @param seed of the choice of these requests, and of the order of messages that come again
 * @param rate requests of a domain a second, above 0
 * @param requests number of requests of a domain, above {@code last}
 * @param last number of the last requests of a domain, whose messages did not come before; accuracies are compared on them. From 1
 *     to the number of messages of the domain, less 1
 */
public record LatePlan(int source, Duration delay, int oneIn, long seed, double rate, int requests, int last) {
    /** Two minutes late, for one request in five, in somewhat less than four minutes. */
    public static final LatePlan USUAL = new LatePlan(180, Duration.ofMinutes(2), 5, 1, 6, 1260, 60);
}
