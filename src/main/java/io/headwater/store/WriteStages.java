package io.headwater.store;

import io.headwater.domain.Digest;

/** The stages of a write at which a crash test can kill the process. */
interface WriteStages {
    /** Nothing happens between the stages. */
    WriteStages NONE = new WriteStages() {};

    /** The temporary file is complete and on disk, and has no name of its own yet. */
    default void afterTempWrite(Digest digest) {}

    /** The file has its name, and the folder is not yet on disk. */
    default void afterRename(Digest digest) {}
}
