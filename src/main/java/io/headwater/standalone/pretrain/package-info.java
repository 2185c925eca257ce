/** Makes base models of a user's own data: what they learn from, the loop that trains them, and the folder that they become. */
@NullMarked
package io.headwater.standalone.pretrain;

import org.jspecify.annotations.NullMarked;
