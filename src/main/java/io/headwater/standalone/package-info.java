/**
 * Floor 6: what makes Headwater run on its own, with no service beside it: the embedded broker, the demo,
 * adaptations of files.
 */
@NullMarked
package io.headwater.standalone;

import org.jspecify.annotations.NullMarked;
