package io.headwater.store;

import io.headwater.domain.Digest;

/** Callbacks at stages of a write, so that a crash test can kill the process there. */
interface WriteStages {
    /** Callbacks that do nothing. */
    WriteStages NONE = new WriteStages() {};

    /** The temporary file of an artifact or a pack is complete and on disk but does not have its final name yet. */
    default void afterTempWrite(Digest digest) {}

    /** The file has its final name, but the folder is not yet on disk. */
    default void afterRename(Digest digest) {}

    /** A pointer into a pack is complete; those of later artifacts in the pack are not there yet. */
    default void afterPointer(Digest digest) {}
}
