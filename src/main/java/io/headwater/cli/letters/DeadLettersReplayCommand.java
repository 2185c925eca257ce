package io.headwater.cli.letters;

import io.headwater.board.DeadLetter;
import io.headwater.cli.console.ConnectedCommand;
import io.headwater.ops.DeadLetterLog;
import io.headwater.ops.DeadLetterLog.Replayed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwater dead-letters replay}. */
@Command(
        name = "replay",
        description = {
            "Send the records of dead letters again, after what was wrong has been mended.",
            "A record is sent again once only, however often this command is given. All adaptations that read the topics get it again."
        })
class DeadLettersReplayCommand extends ConnectedCommand implements Callable<Integer> {
    @Mixin
    LetterSelection selection;

    @Option(names = "--dry-run", description = "Send nothing, and list what would be sent.")
    boolean dry;

    @Parameters(
            paramLabel = "LETTER",
            arity = "0..*",
            description = "Only these letters, such as 0-12; without any, all that the options select.")
    Set<String> ids = new HashSet<>();

    @Override
    public Integer call() throws Exception {
        Replayed replayed = time.within(() -> {
            DeadLetterLog log = new DeadLetterLog(connection.clients(connection.settings()));
            if (!ids.isEmpty()) {
                requireFound(log.replay(this::isWanted, true));
            }
            return log.replay(this::isWanted, dry);
        });
        output.print(replayed, () -> {
            if (dry) {
                replayed.sent().forEach(letter -> output.line("%s", DeadLettersCommand.line(letter)));
            }
            replayed.unsendable()
                    .forEach(letter -> output.line(
                            "not %s: %s",
                            letter.id(),
                            letter.bytes() == 0
                                    ? "its record was too large to be copied; send it from where it came from"
                                    : "only samples and requests are sent again; give the command again"));
            output.line(
                    "%d records %s; %d had been sent again before",
                    replayed.sent().size(),
                    dry ? "would be sent again" : "sent again",
                    replayed.before().size());
        });
        return 0;
    }

    private boolean isWanted(DeadLetter letter) {
        return selection.includes(letter) && (ids.isEmpty() || ids.contains(letter.id()));
    }

    private void requireFound(Replayed replayed) {
        Set<String> missing = new HashSet<>(ids);
        for (List<DeadLetter> found : List.of(replayed.sent(), replayed.before(), replayed.unsendable())) {
            found.forEach(letter -> missing.remove(letter.id()));
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "there are no dead letters %s among those selected; 'headwater dead-letters' lists them"
                            .formatted(missing));
        }
    }
}
