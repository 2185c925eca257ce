package io.headwater.config.yaml;

/**
 * One thing wrong with a configuration file.
 *
 * @param line where, from 1; 0 when it concerns the whole file
 * @param message names the key, the rule, the offending value and what to do
 */
public record Fault(int line, String message) {

    /** The fault as {@code file:line: message}. */
    public String in(String file) {
        return line == 0 ? file + ": " + message : file + ":" + line + ": " + message;
    }
}
