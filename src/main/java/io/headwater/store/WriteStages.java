package io.headwater.store;

import io.headwater.domain.Digest;

/** Callbacks at stages of a write, so that a crash test can kill the process there. */
interface WriteStages {
    /** Callbacks that do nothing. */
    WriteStages NONE = new WriteStages() {};

    /** The temporary file is complete and on disk but does not have its final name yet. */
    default void afterTempWrite(Digest digest) {}

    /** The file has its final name, but the folder is not yet on disk. */
    default void afterRename(Digest digest) {}
}
