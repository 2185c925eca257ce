/** Inspects model files and drafts their manifests. */
@NullMarked
package io.headwater.engine.inspect;

import org.jspecify.annotations.NullMarked;
