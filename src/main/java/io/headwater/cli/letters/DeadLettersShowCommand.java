package io.headwater.cli.letters;

import io.headwater.board.DeadLetter;
import io.headwater.cli.console.ConnectedCommand;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Outcome;
import io.headwater.kafka.Topic;
import io.headwater.ops.DeadLetterLog;
import io.headwater.ops.RuntimeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headwater dead-letters show}. */
@Command(name = "show", description = "Show a dead letter, and its record where it can be decoded.")
class DeadLettersShowCommand extends ConnectedCommand implements Callable<Integer> {
    /** The most characters of a record that are shown as text. */
    private static final int MOST = 2000;

    @Parameters(paramLabel = "LETTER", description = "Partition and offset of the letter, such as 0-12.")
    String id;

    /**
     * A letter and its record.
     *
     * @param letter the letter
     * @param record the record as text; null when it cannot be decoded
     */
    private record Shown(DeadLetter letter, @Nullable String record) {}

    @Override
    public Integer call() throws Exception {
        Shown shown = time.within(this::find);
        DeadLetter letter = shown.letter();
        output.print(shown, () -> {
            output.line("letter      %s, written %s", letter.id(), letter.at());
            output.line("reason      %s: %s", letter.reason(), letter.message());
            output.line("adaptation  %s", letter.adaptation());
            output.line("domain      %s", letter.domain());
            output.line(
                    "record      %s-%d at offset %d, %d bytes",
                    letter.topic(), letter.partition(), letter.offset(), letter.bytes());
            if (letter.replayed() != null) {
                output.line("replay of   %s", letter.replayed());
            }
            output.line("content     %s", shown.record() == null ? "cannot be decoded" : shown.record());
        });
        return 0;
    }

    private Shown find() {
        RuntimeSettings settings = connection.settings();
        Codec codec = connection.codec(settings);
        List<Shown> found = new ArrayList<>();
        new DeadLetterLog(connection.clients(settings))
                .read(
                        letter -> letter.id().equals(id),
                        (letter, record) -> found.add(new Shown(letter, content(codec, settings, letter, record))));
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no dead letter '%s'; 'headwater dead-letters' lists them".formatted(id));
        }
        return found.get(0);
    }

    private static @Nullable String content(
            Codec codec, RuntimeSettings settings, DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return null;
        }
        EventType<?> type = letter.topic().equals(settings.topics().name(Topic.REQUESTS))
                ? EventType.REQUEST
                : letter.topic().equals(settings.topics().name(Topic.COMMANDS)) ? EventType.COMMAND : EventType.SAMPLE;
        if (codec.decode(type, record.value()) instanceof Outcome.Ok<?> ok) {
            String text = ok.value().toString();
            return text.length() > MOST ? text.substring(0, MOST) + "…" : text;
        }
        return null;
    }
}
