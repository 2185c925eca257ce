package io.headwater.engine.graph.layer;

/** A graph model that cannot be read, cut, run or converted. */
public final class GraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the vertex, the rule, the offending value and what to do. */
    public GraphException(String message) {
        super(message);
    }

    /** Creates an exception with a message and the exception that caused it. */
    public GraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
