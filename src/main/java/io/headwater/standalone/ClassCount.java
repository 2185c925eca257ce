package io.headwater.standalone;

import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Label;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Item;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts the classes of training data before a lane learns them. Data whose labels are something else, such as texts or ids,
 * have as many classes as rows, and would take hours and end as dead letters.
 */
final class ClassCount {
    /** Two tags of one class can be written in up to four ways. */
    private static final int SPELLINGS = 2;

    private ClassCount() {}

    /**
     * Refuses data with more classes than {@code config} allows to a lane.
     *
     * @throws IllegalArgumentException if the data has more; the message names the first that is too many
     */
    static void require(Dataset data, AdaptationConfig config) {
        if (!config.labels().isEmpty()) {
            return;
        }
        int most = config.limits().classes();
        Set<String> names = new HashSet<>();
        for (Item item : data.items()) {
            names.addAll(names(item.label()));
            if (names.size() > (item.label() instanceof Label.TokenTags ? SPELLINGS * most : most)) {
                throw new IllegalArgumentException(
                        "data '%s' must have at most the %d classes that limits.classes allows, but has more in the items up to '%s', which is of '%s'; is it the label (--label)? If so, merge classes or raise limits.classes"
                                .formatted(
                                        data.name(),
                                        most,
                                        item.id(),
                                        shown(item.label().text())));
            }
        }
    }

    private static Collection<String> names(Label label) {
        if (label instanceof Label.ClassLabel one) {
            return List.of(one.name());
        } else if (label instanceof Label.MultiLabel several) {
            return several.names();
        } else if (label instanceof Label.TokenTags sentence) {
            return sentence.tags();
        }
        return List.of();
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
