package io.headwater.task.goal;

import io.headwater.domain.Payload;
import io.headwater.task.PayloadView;
import io.headwater.task.goal.QuestionReader.Passage;
import java.util.List;

/**
 * A question with its context, divided into passages.
 *
 * @param passages of the context, in order, each with the question
 */
record Question(Payload.TextPair payload, List<Passage> passages) implements PayloadView {
    Question {
        passages = List.copyOf(passages);
    }
}
