/** Fixtures for tests of several packages: brokers to run against. */
@NullMarked
package io.headwater.testing;

import org.jspecify.annotations.NullMarked;
