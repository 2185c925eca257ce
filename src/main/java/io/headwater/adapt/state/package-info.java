/** The format of checkpoints: sections of safetensors files, and the formats of earlier releases. */
@NullMarked
package io.headwater.adapt.state;

import org.jspecify.annotations.NullMarked;
