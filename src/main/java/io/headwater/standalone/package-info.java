/** Floor 6: runs Headwater without other services: the embedded broker, the demo, and adaptation to files. */
@NullMarked
package io.headwater.standalone;

import org.jspecify.annotations.NullMarked;
