/** The Open Inference Protocol, version 2, over REST and gRPC. */
@NullMarked
package io.headwater.api.inference;

import org.jspecify.annotations.NullMarked;
