/** Checks the container images, the Compose file and the Kubernetes manifests. */
@NullMarked
package io.headwater.packaging;

import org.jspecify.annotations.NullMarked;
