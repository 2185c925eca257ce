package io.headwater.config.key;

import java.util.List;

/**
 * A broken rule over several keys.
 *
 * @param key whose line is reported
 * @param message naming the keys, the rule, the values and what to do
 */
public record Breach(Key<?> key, String message) {

    /**
     * Returns when there is none.
     *
     * @throws IllegalArgumentException with the first message
     */
    public static void refuse(List<Breach> breaches) {
        if (!breaches.isEmpty()) {
            throw new IllegalArgumentException(breaches.get(0).message);
        }
    }
}
