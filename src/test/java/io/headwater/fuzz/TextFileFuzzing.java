package io.headwater.fuzz;

/** A fuzz test of a reader of text, which allocates strings and a parser for each line and drops them with it. */
abstract class TextFileFuzzing extends FileFuzzing {
    @Override
    long allocated() {
        return 3_000_000_000L;
    }
}
