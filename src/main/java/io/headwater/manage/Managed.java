package io.headwater.manage;

import io.headwater.api.http.Problem;
import io.headwater.board.Board;
import io.headwater.board.LaneStory;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the management API and the page show and change. Safe for use by several threads. */
public final class Managed {
    private final Supplier<Optional<Board>> source;
    private @Nullable Changes changes;
    private @Nullable StoredInputs inputs;

    /**
     * Creates an instance.
     *
     * @param source returns the board; empty as long as it is not there
     */
    public Managed(Supplier<Optional<Board>> source) {
        this.source = source;
    }

    /**
     * Returns the board.
     *
     * @throws Problem.Raised as long as the service starts
     */
    public Board board() {
        return source.get()
                .orElseThrow(() -> Problem.of(503, "Not available at present", "the service starts; try again")
                        .raised());
    }

    /** Returns where changes to it are carried out. */
    public synchronized Changes changes() {
        Changes known = changes;
        if (known == null) {
            known = new Changes(board());
            changes = known;
        }
        return known;
    }

    /** Returns where inputs of its lanes are read. */
    public synchronized StoredInputs inputs() {
        StoredInputs known = inputs;
        if (known == null) {
            known = new StoredInputs(board());
            inputs = known;
        }
        return known;
    }

    /**
     * Returns what is known of a lane.
     *
     * @throws Problem.Raised when there is none of this name
     */
    public LaneStory story(Lane lane) {
        return board().content()
                .story(lane)
                .orElseThrow(() -> Problem.of(
                                404,
                                "Unknown lane",
                                "there is no lane '%s'; GET /api/v1/lanes lists those that are known".formatted(lane))
                        .raised());
    }

    /**
     * Returns the lane that the path of a request names.
     *
     * @throws Problem.Raised when it names none
     */
    public static Lane lane(RoutingContext context) {
        try {
            return new Lane(context.pathParam("adaptation"), context.pathParam("domain"));
        } catch (IllegalArgumentException e) {
            throw Problem.of(new Rejection(Reason.BAD_KEY, String.valueOf(e.getMessage())))
                    .raised();
        }
    }
}
