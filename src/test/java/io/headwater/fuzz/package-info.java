/**
 * Fuzz tests of everything that reads bytes of unknown origin: whatever the bytes are, a reader returns a value or refuses
 * them as it documents, within bounds of memory and time. Every build reads the seeds; {@code .ci/fuzz} looks for further
 * inputs.
 */
@NullMarked
package io.headwater.fuzz;

import org.jspecify.annotations.NullMarked;
