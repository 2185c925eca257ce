/** Headwater: continuous fine-tuning of pre-trained models from a stream of samples in Kafka. */
@NullMarked
package io.headwater;

import org.jspecify.annotations.NullMarked;
