/** Floor 2: what a task is: the preparation of payloads and the goal, which is what is predicted and how it is scored. */
@NullMarked
package io.headwater.task;

import org.jspecify.annotations.NullMarked;
