package io.headwater.task.text;

import io.headwater.domain.Payload;
import io.headwater.task.PayloadView;
import io.headwater.task.text.Tokenizer.Tokens;

/**
 * A text, or a pair of texts, and its tokens.
 *
 * @param tokens truncated to what the base model accepts
 */
public record TokenizedText(Payload payload, Tokens tokens) implements PayloadView {}
