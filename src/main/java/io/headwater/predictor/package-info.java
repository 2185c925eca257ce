/** Floor 5: the predictor: answers requests with the version that serves. */
@NullMarked
package io.headwater.predictor;

import org.jspecify.annotations.NullMarked;
