package io.headwater.cli.demo;

import java.nio.charset.Charset;

/**
 * The characters of which the live view is drawn.
 *
 * @param done a unit of a bar that is done
 * @param open a unit of a bar that is not done
 * @param levels levels of accuracy, from the lowest
 * @param right the mark of a correct answer
 * @param wrong the mark of a wrong answer
 * @param more stands for what is cut off from a line
 */
record Glyphs(char done, char open, String levels, char right, char wrong, char more) {
    /** For terminals that show Unicode. */
    static final Glyphs UNICODE = new Glyphs('█', '░', "▁▂▃▄▅▆▇█", '✓', '✗', '…');
    /** For all others. */
    static final Glyphs ASCII = new Glyphs('#', '.', "_.-:=+*#", '+', 'x', '~');

    /** Returns the characters that {@code charset} can encode. */
    static Glyphs of(Charset charset) {
        String all = "" + UNICODE.done + UNICODE.open + UNICODE.levels + UNICODE.right + UNICODE.wrong + UNICODE.more;
        return charset.canEncode() && charset.newEncoder().canEncode(all) ? UNICODE : ASCII;
    }

    /** Returns the character for an accuracy from 0 to 1; all below 0.4 share the lowest. */
    char level(double accuracy) {
        int level = (int) Math.round(Math.max(0, accuracy - 0.4) / 0.6 * (levels.length() - 1));
        return levels.charAt(Math.min(levels.length() - 1, level));
    }
}
