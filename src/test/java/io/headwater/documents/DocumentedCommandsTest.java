package io.headwater.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.cli.HeadwaterCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A reader can type the commands that the pages show: each exists, with each of its options. */
class DocumentedCommandsTest {
    private static final Pattern SPAN = Pattern.compile("`(?:\\./)?headwater ([^`\n]+)`");
    private static final Pattern LINE = Pattern.compile("(?m)^ *(?:\\$ )?\\./headwater (.+)$");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+");
    private static final Set<String> ENDS = Set.of("|", ">", ">>", "&", "&&", ";", "#", "<");

    private final CommandLine root = new CommandLine(HeadwaterCommand.class);

    DocumentedCommandsTest() {
        HeadwaterCommand.COMMANDS.forEach(root::addSubcommand);
    }

    @Test
    void shouldExistWithTheirOptions() throws IOException {
        List<String> mistakes = new ArrayList<>();
        int commands = 0;
        for (Page page : Page.all()) {
            String text = Files.readString(page.file()).replaceAll("\\\\\n\\s*", "");
            for (String command : Stream.concat(
                            SPAN.matcher(text).results(), LINE.matcher(text).results())
                    .map(found -> found.group(1))
                    .toList()) {
                commands++;
                mistake(command).ifPresent(mistake -> mistakes.add(page.file() + ": " + command + ": " + mistake));
            }
        }

        assertThat(commands).isGreaterThan(40);
        assertThat(mistakes).isEmpty();
    }

    private Optional<String> mistake(String command) {
        List<String> words = WORD.matcher(command)
                .results()
                .map(MatchResult::group)
                .takeWhile(word -> !ENDS.contains(word))
                .toList();
        CommandLine named = root;
        int next = 0;
        while (next < words.size()) {
            CommandLine below = named.getSubcommands().get(words.get(next));
            if (below == null) {
                break;
            }
            named = below;
            next++;
        }
        CommandSpec spec = named.getCommandSpec();
        for (; next < words.size(); next++) {
            String word = words.get(next);
            if (word.startsWith("-")) {
                int equals = word.indexOf('=');
                OptionSpec option = spec.findOption(equals < 0 ? word : word.substring(0, equals));
                if (option == null) {
                    return Optional.of("no option " + word);
                }
                next += equals < 0 ? option.arity().min() : 0;
            } else if (!word.startsWith("[") && spec.positionalParameters().isEmpty()) {
                return Optional.of("nothing can stand at " + word);
            }
        }
        return Optional.empty();
    }
}
