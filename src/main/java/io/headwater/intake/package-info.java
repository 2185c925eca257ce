/**
 * Floor 4: protection against records that end or hang the process which prepares them: notes of what is being prepared,
 * which outlive the process, and a trial of single records in a process apart.
 */
@NullMarked
package io.headwater.intake;

import org.jspecify.annotations.NullMarked;
