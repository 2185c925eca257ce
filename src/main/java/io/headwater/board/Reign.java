package io.headwater.board;

import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import java.time.Instant;

/**
 * A decision about which version serves.
 *
 * @param since from when on
 * @param reason why, and who decided it if it was a person
 */
public record Reign(Instant since, VersionRef version, DecidedBy decidedBy, String reason) {
    static Reign of(Serving serving) {
        return new Reign(serving.since(), serving.version(), serving.decidedBy(), serving.reason());
    }
}
