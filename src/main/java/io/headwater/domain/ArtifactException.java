package io.headwater.domain;

/** Thrown when an artifact is missing, is too large, or does not match its digest. */
public final class ArtifactException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the artifact, the violated rule and the remedy. */
    public ArtifactException(String message) {
        super(message);
    }
}
