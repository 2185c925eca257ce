/**
 * Floor 0: the domain model of Headwater as records, sealed results and ports. It imports no other package of
 * Headwater.
 */
@NullMarked
package io.headwater.domain;

import org.jspecify.annotations.NullMarked;
