package io.headwater.board;

import io.headwater.domain.Ask;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import java.time.Instant;

/**
 * A request that people should label, and that has no label yet.
 *
 * @param id id of the request, which its label must name
 * @param at when it was chosen
 * @param answer what the version that served predicted
 * @param score how much the strategy expects of the label, 0 to 1
 * @param strategy by which it was chosen
 * @param probability with which it was chosen
 * @param text its text, at most {@value #SHOWN} characters, or what it is
 * @param kind how its input is shown; an image or a recording is read from the topic when somebody wants it
 * @param partition where its record is on the topic of asks
 * @param offset where its record is in this partition
 */
public record OpenAsk(
        Lane lane,
        String id,
        Instant at,
        Label answer,
        double score,
        String strategy,
        double probability,
        String text,
        InputKind kind,
        int partition,
        long offset) {
    private static final int SHOWN = 1000;

    static OpenAsk of(Ask ask, int partition, long offset) {
        return new OpenAsk(
                ask.lane(),
                ask.requestId(),
                ask.at(),
                ask.answer(),
                ask.score(),
                ask.strategy(),
                ask.probability(),
                PayloadText.of(ask.payload(), SHOWN),
                InputKind.of(ask.payload()),
                partition,
                offset);
    }
}
