/**
 * Floor 4: features that the role {@code featurizer} has computed, read from their topic ahead of the records that need them.
 */
@NullMarked
package io.headwater.intake.ahead;

import org.jspecify.annotations.NullMarked;
