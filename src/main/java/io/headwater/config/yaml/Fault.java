package io.headwater.config.yaml;

/**
 * A fault of a configuration file.
 *
 * @param line line number, from 1; 0 when the fault concerns the whole file
 * @param message text that names the key, the violated rule, the offending value and the remedy
 */
public record Fault(int line, String message) {

    /** Returns the fault as {@code file:line: message}. */
    public String in(String file) {
        return line == 0 ? file + ": " + message : file + ":" + line + ": " + message;
    }
}
