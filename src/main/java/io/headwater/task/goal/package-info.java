/** What a task predicts: goals, their objectives, decoders and metrics. */
@NullMarked
package io.headwater.task.goal;

import org.jspecify.annotations.NullMarked;
