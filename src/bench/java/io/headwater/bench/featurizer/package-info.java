/** What it costs and gains to run the base model in processes of their own. */
@NullMarked
package io.headwater.bench.featurizer;

import org.jspecify.annotations.NullMarked;
