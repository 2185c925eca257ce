package io.headwater.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.cli.HeadwaterCommand;
import io.headwater.domain.Rejection.Reason;
import io.headwater.kafka.Topic;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class DocumentsTest {
    @Test
    void shouldHaveNoBrokenLink() {
        assertThat(Page.all()).hasSizeGreaterThan(5);
        assertThat(Page.all().stream().flatMap(page -> page.brokenLinks().stream()))
                .isEmpty();
    }

    @Test
    void shouldNameEveryCommand() {
        List<String> commands = HeadwaterCommand.COMMANDS.stream()
                .map(command -> command.getAnnotation(Command.class).name())
                .toList();

        assertThat(Page.read(Path.of("docs/commands.md")).names()).containsExactlyInAnyOrderElementsOf(commands);
    }

    @Test
    void shouldExplainEveryReasonOfADeadLetter() {
        List<String> reasons = Arrays.stream(Reason.values()).map(Enum::name).toList();

        assertThat(Page.read(Path.of("docs/concepts.md")).names()).containsExactlyElementsOf(reasons);
    }

    @Test
    void shouldNameEveryTopicForOperators() {
        List<String> topics = Arrays.stream(Topic.values()).map(Topic::suffix).toList();

        assertThat(Page.read(Path.of("docs/operations.md")).names()).containsAll(topics);
    }
}
