package io.headwater.api.inference;

import io.headwater.api.http.Problem;
import io.headwater.domain.Payload;
import java.util.List;

/** The reader of requests for inferences, for tests of other packages. */
public final class InferBodies {
    private InferBodies() {}

    /**
     * Reads the rows of a request.
     *
     * @throws Problem.Raised when it cannot be read
     */
    public static List<Payload> rows(byte[] body, int jsonLength) {
        return InputRows.of(InferReader.read(body, jsonLength).inputs());
    }
}
