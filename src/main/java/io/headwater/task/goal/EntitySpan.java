package io.headwater.task.goal;

/**
 * A named entity among the tokens of a text.
 *
 * @param type such as {@code person}
 * @param start its first token
 * @param end behind its last token
 */
record EntitySpan(String type, int start, int end) {}
