package io.headwater.cli.letters;

import io.headwater.board.DeadLetter;
import io.headwater.cli.console.ManagementApi;
import java.util.Comparator;
import java.util.List;

/** Dead letters, as the management API knows them. */
final class ApiLetters {
    private ApiLetters() {}

    private record Found(List<DeadLetter> deadLetters) {}

    /** Returns the newest letters that the service keeps, the newest last. */
    static List<DeadLetter> all(ManagementApi api) throws InterruptedException {
        return api.get("/dead-letters?limit=1000", Found.class).deadLetters().stream()
                .sorted(Comparator.comparing(DeadLetter::at))
                .toList();
    }
}
