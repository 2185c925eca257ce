package io.headwater.cli.console;

import io.headwater.standalone.data.Faults;

/** Says on standard error which rows and files of data were left out. */
public final class Skipped {
    /** The number of faults that are printed; a person reads the first ones, and the number of the others. */
    private static final int SHOWN = 20;

    private Skipped() {}

    /** Prints the first faults, and how many others there are. */
    public static void print(Faults faults) {
        faults.first().stream().limit(SHOWN).forEach(fault -> Remarks.print("skipped %s", fault));
        if (faults.count() > SHOWN) {
            Remarks.print("skipped %d more", faults.count() - SHOWN);
        }
    }
}
