/** Floor 6: the management API: what is known of all lanes as JSON and as events, and changes to them. */
@NullMarked
package io.headwater.manage;

import org.jspecify.annotations.NullMarked;
