/** What tests of several packages share: brokers to run against. */
@NullMarked
package io.headwater.testing;

import org.jspecify.annotations.NullMarked;
