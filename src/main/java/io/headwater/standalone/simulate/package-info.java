/** Floor 6: runs generated streams through a lane, without a cluster and without a base model. */
@NullMarked
package io.headwater.standalone.simulate;

import org.jspecify.annotations.NullMarked;
