/** The Open Inference Protocol, version 2, over REST. */
@NullMarked
package io.headwater.api.inference;

import org.jspecify.annotations.NullMarked;
