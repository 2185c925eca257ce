/**
 * Floor 4: the interface through which the parts of a process, such as the trainer and the predictor, are run. It is
 * below them, because each of them implements it. It is not part of {@code kafka}, because a role does not have to use
 * Kafka, nor of {@code domain}, because running is not a concept of the domain. It imports no other package of
 * Headwater.
 */
@NullMarked
package io.headwater.role;

import org.jspecify.annotations.NullMarked;
