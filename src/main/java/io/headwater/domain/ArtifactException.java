package io.headwater.domain;

/** An artifact that is missing, too large, or not what its name says. */
public final class ArtifactException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the artifact, the rule and what to do. */
    public ArtifactException(String message) {
        super(message);
    }
}
