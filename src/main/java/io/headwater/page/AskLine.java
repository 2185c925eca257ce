package io.headwater.page;

import io.headwater.board.InputKind;
import io.headwater.board.OpenAsk;
import io.headwater.manage.ManagePaths;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A request to label, as it is shown, with a button for each class.
 *
 * @param input path of its input, which is an image or a recording
 */
record AskLine(
        String id,
        String text,
        boolean isImage,
        boolean isSound,
        String input,
        String answer,
        String ago,
        String action,
        List<Choice> choices) {
    private static final int KEYS = 9;

    /** @param key the key that chooses it; empty when it has none */
    record Choice(String label, String key, boolean isAnswer) {}

    static AskLine of(OpenAsk ask, List<String> labels, Instant now) {
        List<String> all = new ArrayList<>(labels);
        if (all.isEmpty()) {
            all.add(ask.answer().text());
        }
        return new AskLine(
                ask.id(),
                ask.text(),
                ask.kind() == InputKind.IMAGE,
                ask.kind() == InputKind.SOUND,
                ManagePaths.askInput(ask.lane(), ask.id()),
                ask.answer().text(),
                Words.ago(ask.at(), now),
                ManagePaths.lane(ask.lane()) + "/asks/" + ManagePaths.segment(ask.id()),
                IntStream.range(0, all.size())
                        .mapToObj(i -> new Choice(
                                all.get(i),
                                i < KEYS ? Integer.toString(i + 1) : "",
                                all.get(i).equals(ask.answer().text())))
                        .toList());
    }
}
