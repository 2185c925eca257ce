/** What all paths of the API share: limits, bodies, problems, responses. */
@NullMarked
package io.headwater.api.http;

import org.jspecify.annotations.NullMarked;
