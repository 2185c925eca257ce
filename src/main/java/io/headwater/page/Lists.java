package io.headwater.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lists as people read them. */
final class Lists {
    private Lists() {}

    static <T> List<T> newestFirst(List<T> inOrder) {
        List<T> reversed = new ArrayList<>(inOrder);
        Collections.reverse(reversed);
        return reversed;
    }
}
