/** Texts as input: tokenizers, vocabularies, and the preparation for a base model. */
@NullMarked
package io.headwater.task.text;

import org.jspecify.annotations.NullMarked;
