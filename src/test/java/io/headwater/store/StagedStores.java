package io.headwater.store;

import io.headwater.domain.Digest;
import java.nio.file.Path;
import java.time.InstantSource;

/** Lets tests of other packages act between the stages of a write. */
public final class StagedStores {
    private StagedStores() {}

    /**
     * A store that runs {@code afterTempWrite} when the temporary file is whole and {@code afterRename} when it has its
     * name.
     */
    public static FileArtifactStore open(Path root, Runnable afterTempWrite, Runnable afterRename) {
        return new FileArtifactStore(root, 1 << 24, InstantSource.system(), new WriteStages() {
            @Override
            public void afterTempWrite(Digest digest) {
                afterTempWrite.run();
            }

            @Override
            public void afterRename(Digest digest) {
                afterRename.run();
            }
        });
    }
}
