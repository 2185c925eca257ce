package io.headwater.manage;

import io.headwater.api.http.Problem;
import io.headwater.board.Board;
import io.headwater.board.InputKind;
import io.headwater.board.LaneStory;
import io.headwater.board.MistakeRow;
import io.headwater.board.OpenAsk;
import io.headwater.board.PayloadText;
import io.headwater.codec.EventType;
import io.headwater.domain.Ask;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the inputs of requests to label and of mistakes when somebody wants to see them, from the topics that have them. Of what was
 * read, only short texts of the newest mistakes stay in memory. All methods that read block until the brokers have answered. Safe for use
 * by several threads.
 */
public final class StoredInputs {
    private static final int SHOWN = 300;
    private static final int TEXTS = 1000;

    private final Board board;
    private final TopicRecords records;
    private final Map<TextKey, ReadMistake> texts = new LinkedHashMap<>();

    private record TextKey(Lane lane, MistakeRow mistake) {}

    StoredInputs(Board board) {
        this.board = board;
        this.records = new TopicRecords(board.clients());
    }

    /**
     * Returns the input of a request that people should label.
     *
     * @throws Problem.Raised when there is no such request, or its input cannot be shown
     */
    InputMedia ofAsk(Lane lane, String id) {
        OpenAsk ask = board.content().ask(lane, id).orElseThrow(StoredInputs::gone);
        TopicPartition partition = board.clients().topics().partition(Topic.ASKS, ask.partition());
        ConsumerRecord<byte[], byte[]> record =
                records.at(partition, List.of(ask.offset())).get(ask.offset());
        if (record != null
                && board.codec().decode(EventType.ASK, record.value()) instanceof Outcome.Ok<Ask> ok
                && ok.value().requestId().equals(id)) {
            return shown(ok.value().payload());
        }
        throw gone();
    }

    /**
     * Returns the input of one of the newest mistakes of a lane.
     *
     * @throws Problem.Raised when it is none of them, or its input cannot be shown
     */
    InputMedia ofMistake(LaneStory story, long offset) {
        Lane lane = story.lane().lane();
        MistakeRow mistake = story.answers().mistakes().stream()
                .filter(one -> one.offset() == offset)
                .findFirst()
                .orElseThrow(StoredInputs::gone);
        ConsumerRecord<byte[], byte[]> record =
                records.at(samples(lane), List.of(offset)).get(offset);
        return shown(
                sample(lane, mistake, record).orElseThrow(StoredInputs::gone).payload());
    }

    private static InputMedia shown(Payload payload) {
        return InputMedia.of(payload)
                .orElseThrow(() -> Problem.of(
                                415,
                                "Not shown",
                                "inputs are shown that are texts, PNG, JPEG, GIF, BMP, WAV or FLAC of up to %d bytes, but this is another %s"
                                        .formatted(InputMedia.MOST_BYTES, payload.kind()))
                        .raised());
    }

    private static Problem.Raised gone() {
        return Problem.of(404, "Unknown input", "there is no such input, or it is not kept any more")
                .raised();
    }

    private TopicPartition samples(Lane lane) {
        return board.clients()
                .topics()
                .partition(Topic.SAMPLES, board.clients().topics().partitionOf(lane.domain()));
    }

    /** Returns the newest mistakes of a lane with their inputs, the newest first. */
    public List<ReadMistake> mistakes(LaneStory story) {
        Lane lane = story.lane().lane();
        List<MistakeRow> all = story.answers().mistakes();
        List<Long> unread = all.stream()
                .filter(mistake -> known(lane, mistake).isEmpty())
                .map(MistakeRow::offset)
                .toList();
        Map<Long, ConsumerRecord<byte[], byte[]>> found =
                unread.isEmpty() ? Map.of() : records.at(samples(lane), unread);
        List<ReadMistake> mistakes = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            MistakeRow mistake = all.get(i);
            mistakes.add(known(lane, mistake).orElseGet(() -> read(lane, mistake, found.get(mistake.offset()))));
        }
        return mistakes;
    }

    private ReadMistake read(Lane lane, MistakeRow mistake, @Nullable ConsumerRecord<byte[], byte[]> record) {
        ReadMistake read = sample(lane, mistake, record)
                .map(sample -> new ReadMistake(
                        mistake, sample.id(), InputKind.of(sample.payload()), PayloadText.of(sample.payload(), SHOWN)))
                .orElseGet(() -> new ReadMistake(mistake, "", InputKind.TEXT, ""));
        synchronized (texts) {
            texts.put(new TextKey(lane, mistake), read);
            if (texts.size() > TEXTS) {
                texts.remove(texts.keySet().iterator().next());
            }
        }
        return read;
    }

    private Optional<ReadMistake> known(Lane lane, MistakeRow mistake) {
        synchronized (texts) {
            return Optional.ofNullable(texts.get(new TextKey(lane, mistake)));
        }
    }

    /**
     * Returns the sample of a mistake; empty when it is not there any more. Another one may be in its place when the topic was created
     * anew, which its domain or its label shows.
     */
    private Optional<Sample> sample(Lane lane, MistakeRow mistake, @Nullable ConsumerRecord<byte[], byte[]> record) {
        return record != null
                        && lane.domain().equals(RecordKeys.text(record.key()))
                        && board.codec().decode(EventType.SAMPLE, record.value()) instanceof Outcome.Ok<Sample> ok
                        && ok.value().label() instanceof ClassLabel label
                        && label.name().equals(mistake.expected())
                ? Optional.of(ok.value())
                : Optional.empty();
    }
}
