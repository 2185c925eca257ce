/** Opens base models of every kind and divides or exports them: the entry to the engine. */
@NullMarked
package io.headwater.engine.model;

import org.jspecify.annotations.NullMarked;
