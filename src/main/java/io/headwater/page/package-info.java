/** Floor 6: the page: what is known of all lanes in a browser, and the buttons for decisions. */
@NullMarked
package io.headwater.page;

import org.jspecify.annotations.NullMarked;
