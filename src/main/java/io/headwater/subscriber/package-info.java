/** Floor 6: predictions inside other people's applications, without Quarkus. */
@NullMarked
package io.headwater.subscriber;

import org.jspecify.annotations.NullMarked;
