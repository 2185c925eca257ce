package io.headwater.cli;

import io.headwater.standalone.data.Columns;
import io.headwater.standalone.data.Reads;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options for the columns of a table. */
final class TableOptions {
    @Option(
            names = "--text",
            paramLabel = "COLUMN",
            description =
                    "Column of the text or of the numbers: a name in the header, or a number starting at 1. Numbers may be in"
                            + " several columns: a,b,c or 2,3,4. Default for numbers: all columns but that of the label.")
    @Nullable
    String text;

    @Option(names = "--text-pair", paramLabel = "COLUMN", description = "Column of the second text of a pair.")
    @Nullable
    String pair;

    @Option(names = "--label", paramLabel = "COLUMN", description = "Column of the label.")
    @Nullable
    String label;

    @Option(
            names = "--image",
            paramLabel = "COLUMN",
            description = "Column of the path of an image or a sound, relative to the folder of the table.")
    @Nullable
    String image;

    @Spec(Target.MIXEE)
    CommandSpec spec;

    /** Returns whether any column is given. */
    boolean areGiven() {
        return text != null || pair != null || label != null || image != null;
    }

    /**
     * Returns the columns of a table for a base model with the input type {@code reads}.
     *
     * @throws ParameterException when options for other columns are given
     */
    Columns columns(Reads reads) {
        if (reads == Reads.IMAGE ? text != null : image != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    reads == Reads.IMAGE
                            ? "--text must not be given for images, but is '" + text + "'; use --image"
                            : "--image must not be given for " + (reads == Reads.TEXT ? "texts" : "numbers")
                                    + ", but is '" + image + "'; use --text");
        }
        try {
            return new Columns(reads, reads == Reads.IMAGE ? image : text, pair, label);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
