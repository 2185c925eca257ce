/** Predictions for what people have: texts, files, forms and numbers. */
@NullMarked
package io.headwater.api.lanes;

import org.jspecify.annotations.NullMarked;
