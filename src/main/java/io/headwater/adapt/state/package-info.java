/** Checkpoints at rest: sections of safetensors files, and the formats of former releases. */
@NullMarked
package io.headwater.adapt.state;

import org.jspecify.annotations.NullMarked;
