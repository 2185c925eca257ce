package io.headwater.engine.graph.layer;

/** Thrown when a graph model cannot be read, cut, run or converted. */
public final class GraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the vertex, the rule, the offending value and what to do. */
    public GraphException(String message) {
        super(message);
    }

    /** Creates an exception with a message and the exception that caused it. */
    public GraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
