/** Base models that read sound: front ends, windows, and how the features of windows are joined for a recording. */
@NullMarked
package io.headwater.engine.sound;

import org.jspecify.annotations.NullMarked;
