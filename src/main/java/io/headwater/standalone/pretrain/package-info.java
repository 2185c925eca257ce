/** Trains base models on a user's own data: curricula, the training loop, and the folder that is written. */
@NullMarked
package io.headwater.standalone.pretrain;

import org.jspecify.annotations.NullMarked;
