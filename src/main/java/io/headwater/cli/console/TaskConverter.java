package io.headwater.cli.console;

import io.headwater.config.TaskKind;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts an argument to a task, by its name in configuration files. */
public final class TaskConverter implements ITypeConverter<TaskKind> {
    @Override
    public TaskKind convert(String text) {
        return Arrays.stream(TaskKind.values())
                .filter(task -> task.key().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("task must be one of "
                        + Arrays.stream(TaskKind.values()).map(TaskKind::key).collect(Collectors.joining(", "))
                        + ", but is '" + text + "'"));
    }
}
