/**
 * Floor 5: the trainer, which reads samples, trains, and publishes versions, evaluations and offsets in one
 * transaction.
 */
@NullMarked
package io.headwater.trainer;

import org.jspecify.annotations.NullMarked;
