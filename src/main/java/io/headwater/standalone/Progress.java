package io.headwater.standalone;

/** Displays the progress of a long operation. */
public interface Progress {
    /** Displays nothing. */
    Progress NONE = new Progress() {
        @Override
        public void begin(String title, long total) {}

        @Override
        public void advance(long by) {}

        @Override
        public void end() {}
    };

    /** Called when a phase of {@code total} units begins. */
    void begin(String title, long total);

    /** Called when {@code by} more units are done. */
    void advance(long by);

    /** Called when the phase ends. */
    void end();
}
