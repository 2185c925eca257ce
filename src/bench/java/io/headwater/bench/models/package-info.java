/** Tests of base models: each is divided at its cuts, adapted with a broker, replayed, exported and compared. */
@NullMarked
package io.headwater.bench.models;

import org.jspecify.annotations.NullMarked;
