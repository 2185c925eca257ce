/**
 * A soak: trainers, predictors and brokers in processes of their own are killed and paused at random, the disk of the store fills up
 * and the store goes away, and a verifier counts from the topics and the store alone what was lost or done twice.
 */
@NullMarked
package io.headwater.bench.soak;

import org.jspecify.annotations.NullMarked;
