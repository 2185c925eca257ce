/** Recordings as input: WAV and FLAC files, resampling, and the preparation for a base model. */
@NullMarked
package io.headwater.task.sound;

import org.jspecify.annotations.NullMarked;
