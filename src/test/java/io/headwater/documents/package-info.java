/** Checks the documentation: its links, and that it names everything that the code defines. */
@NullMarked
package io.headwater.documents;

import org.jspecify.annotations.NullMarked;
