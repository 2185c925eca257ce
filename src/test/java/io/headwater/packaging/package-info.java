/** Holds what operators deploy to the rules that it promises. */
@NullMarked
package io.headwater.packaging;

import org.jspecify.annotations.NullMarked;
