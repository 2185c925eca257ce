package io.headwater.api.http;

import io.headwater.online.Desk;
import java.util.List;
import java.util.Optional;

/** Where the adaptations of this process answer callers. */
@FunctionalInterface
public interface Desks {
    /** Returns the desks of all adaptations that run. */
    List<Desk> all();

    /** Returns the desk of an adaptation; empty when it does not run here. */
    default Optional<Desk> of(String adaptation) {
        return all().stream()
                .filter(desk -> desk.adaptation().name().equals(adaptation))
                .findFirst();
    }
}
