package io.headwater.config;

import io.headwater.config.YamlDocument.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A key with a list of values.
 *
 * @param element the rule of each
 * @param sizes how many there may be
 * @param unique whether no value may come twice
 */
record ListKey<E>(String path, String rule, ScalarKey<E> element, IntPredicate sizes, boolean unique)
        implements Key<List<E>> {

    @Override
    public Optional<List<E>> read(YamlValues values, Entry entry) {
        return values.list(this, entry);
    }

    @Override
    public boolean holds(List<E> values) {
        return sizes.test(values.size())
                && values.stream().allMatch(element::holds)
                && (!unique || new HashSet<>(values).size() == values.size());
    }
}
