package io.headwater.task.goal;

/**
 * The logits of one window of a context that does not fit into one.
 *
 * @param logits row-major, two a row: of the start, of the end; row 0 stands for no answer
 * @param row of the first token of the context in the window, positive
 * @param token that stands there, counted from the start of the whole context
 * @param tokens of the context in the window
 */
record AnswerWindow(float[] logits, int row, int token, int tokens) {}
