/**
 * Compares the champion with challengers and decides which of them serves: tests of paired scores whose evidence may
 * be looked at at any time, and the errors that all decisions of a lane may make together.
 */
@NullMarked
package io.headwater.adapt.judge;

import org.jspecify.annotations.NullMarked;
