package io.headwater.cli.console;

import java.io.IOException;
import java.util.function.Supplier;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The size of a terminal.
 *
 * @param columns number of characters in a line, positive
 * @param rows number of lines, positive
 */
public record TerminalSize(int columns, int rows) {
    /** The size to assume where a terminal does not tell its own. */
    public static final TerminalSize USUAL = new TerminalSize(80, 24);

    /**
     * Returns a view of the size of the terminal of this process, which changes when a user resizes its window. Where it cannot
     * be determined, the size is that in the environment variables {@code COLUMNS} and {@code LINES}, or the usual one.
     */
    public static Supplier<TerminalSize> ofThisTerminal() {
        TerminalSize otherwise =
                new TerminalSize(environment("COLUMNS", USUAL.columns()), environment("LINES", USUAL.rows()));
        Terminal terminal = open();
        return terminal == null ? () -> otherwise : () -> known(terminal.getSize(), otherwise);
    }

    private static TerminalSize known(Size size, TerminalSize otherwise) {
        return new TerminalSize(
                size.getColumns() > 0 ? size.getColumns() : otherwise.columns(),
                size.getRows() > 0 ? size.getRows() : otherwise.rows());
    }

    private static @Nullable Terminal open() {
        try {
            return TerminalBuilder.builder().dumb(true).build();
        } catch (IOException e) {
            return null; // the usual size does
        }
    }

    private static int environment(String name, int otherwise) {
        String value = System.getenv(name);
        return value != null && value.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(value) : otherwise;
    }
}
