package io.headwater.api.lanes;

import io.headwater.api.http.Problem;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;

/** The readers of bodies, for tests of other packages. */
public final class LaneBodies {
    private LaneBodies() {}

    /**
     * Reads the body of a request for a prediction.
     *
     * @throws Problem.Raised when it cannot be read
     */
    public static Payload input(String contentType, byte[] body) {
        return Inputs.read(contentType, body).payload();
    }

    /**
     * Reads a label.
     *
     * @throws Problem.Raised when it cannot be read
     */
    public static Label label(TaskKind task, byte[] body) {
        return LabelInput.read(task, body).label();
    }
}
