package io.headwater.cli.letters;

import io.headwater.board.DeadLetter;
import io.headwater.cli.console.ApiUrl;
import io.headwater.cli.console.ConnectedCommand;
import io.headwater.domain.Rejection.Reason;
import io.headwater.ops.DeadLetterLog;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater dead-letters}. */
@Command(
        name = "dead-letters",
        description = "List records that could not be used, and why; 'replay' sends them again after a fix.",
        subcommands = {DeadLettersShowCommand.class, DeadLettersReplayCommand.class})
public class DeadLettersCommand extends ConnectedCommand implements Callable<Integer> {
    @Mixin
    ApiUrl url;

    @Mixin
    LetterSelection selection;

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            defaultValue = "50",
            description =
                    "How many letters to list, those that were read last; all are counted. Default: ${DEFAULT-VALUE}.")
    int limit;

    @Spec
    CommandSpec spec;

    /**
     * What was found.
     *
     * @param letters the newest letters
     * @param counts number of letters for each reason
     * @param total number of letters
     */
    private record Found(List<DeadLetter> letters, Map<Reason, Integer> counts, int total) {}

    @Override
    public Integer call() throws Exception {
        if (limit < 0) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 0, but is " + limit);
        }
        Found found = url.find(
                time,
                api -> find(sink ->
                        ApiLetters.all(api).stream().filter(selection::includes).forEach(sink)),
                () -> find(this::read));
        output.print(found, () -> {
            found.letters().forEach(letter -> output.line("%s", line(letter)));
            if (found.letters().size() < found.total()) {
                output.line(
                        "… and %d more; see --limit",
                        found.total() - found.letters().size());
            }
            output.line("%d dead letters %s", found.total(), found.counts());
        });
        return 0;
    }

    /** Passes the letters that are selected on, the newest last. */
    @FunctionalInterface
    private interface Letters {
        void each(Consumer<DeadLetter> sink) throws InterruptedException;
    }

    private void read(Consumer<DeadLetter> sink) {
        new DeadLetterLog(connection.clients(connection.settings()))
                .read(selection::includes, (letter, record) -> sink.accept(letter));
    }

    private Found find(Letters letters) throws InterruptedException {
        Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
        ArrayDeque<DeadLetter> newest = new ArrayDeque<>();
        letters.each(letter -> {
            counts.merge(letter.reason(), 1, Integer::sum);
            newest.add(letter);
            if (newest.size() > limit) {
                newest.removeFirst();
            }
        });
        return new Found(
                List.copyOf(newest),
                counts,
                counts.values().stream().mapToInt(Integer::intValue).sum());
    }

    /** Returns one line about a letter. */
    static String line(DeadLetter letter) {
        return "%-8s %s  %-14s %-24s %s"
                .formatted(letter.id(), letter.at(), letter.reason(), letter.domain(), letter.message());
    }
}
