/** Floor 4: artifact stores. Artifacts are files that are named by the digest of their content. */
@NullMarked
package io.headwater.store;

import org.jspecify.annotations.NullMarked;
