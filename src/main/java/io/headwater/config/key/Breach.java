package io.headwater.config.key;

import java.util.List;

/**
 * A violation of a rule over several keys.
 *
 * @param key key whose line is reported
 * @param message text that names the keys, the violated rule, the values and the remedy
 */
public record Breach(Key<?> key, String message) {

    /**
     * Returns normally when there are no violations.
     *
     * @throws IllegalArgumentException with the first message
     */
    public static void refuse(List<Breach> breaches) {
        if (!breaches.isEmpty()) {
            throw new IllegalArgumentException(breaches.get(0).message);
        }
    }
}
