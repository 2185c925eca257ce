/** Floor 5: the featurizer: runs base models below their cut for trainers and predictors, on as many processes as there are partitions. */
@NullMarked
package io.headwater.featurizer;

import org.jspecify.annotations.NullMarked;
