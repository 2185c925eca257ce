package io.headwater.cli.console;

import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;

/**
 * A version as the management API names it.
 *
 * @param lane its lane
 * @param version its number
 * @param artifact digest of its artifact
 * @param checkpoint digest of its checkpoint
 */
public record ApiVersion(String lane, long version, String artifact, String checkpoint) {
    /** Returns the version. */
    public VersionRef ref() {
        return new VersionRef(Lane.parse(lane), version, Digest.parse(artifact), Digest.parse(checkpoint));
    }
}
