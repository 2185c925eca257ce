/** Floor 2: what differs by modality: preprocessing, targets, metrics. */
@NullMarked
package io.headwater.task;

import org.jspecify.annotations.NullMarked;
