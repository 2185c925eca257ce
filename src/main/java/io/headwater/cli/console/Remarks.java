package io.headwater.cli.console;

/** What a command tells people on standard error besides its result. */
public final class Remarks {
    private Remarks() {}

    /** Prints one line; control characters in the arguments, such as those of a message from elsewhere, are escaped. */
    public static void print(String format, Object... args) {
        System.err.println(Printable.line("headwater: " + format.formatted(args)));
        System.err.flush();
    }
}
