package io.headwater.standalone;

/** Shows how far something long has come. */
public interface Progress {
    /** Shows nothing. */
    Progress NONE = new Progress() {
        @Override
        public void begin(String title, long total) {}

        @Override
        public void advance(long by) {}

        @Override
        public void end() {}
    };

    /** A part of {@code total} units begins. */
    void begin(String title, long total);

    /** So many more units are done. */
    void advance(long by);

    /** The part is over. */
    void end();
}
