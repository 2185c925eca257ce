/** Tries of base models: each divided at its cuts, adapted through a broker, replayed, exported and compared. */
@NullMarked
package io.headwater.bench.models;

import org.jspecify.annotations.NullMarked;
