package io.headwater.standalone.data;

import io.headwater.config.TaskKind;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Labelled data from files. Tables, sentences and questions keep the order of the file; images and sounds in class
 * folders, and recorded speech, in a folder or zip, are shuffled with a fixed seed because folders have no order.
 *
 * @param name name of the file
 * @param items the usable items
 * @param faults why the other rows or files cannot be used
 */
public record Dataset(String name, List<Item> items, Faults faults) {
    private static final long SHUFFLE_SEED = 1;

    public Dataset {
        items = List.copyOf(items);
    }

    /** Opens the data at {@code path}: class folders of images or sounds, or lines of text. */
    public static Dataset open(Path path) {
        return open(path, isFolders(path) ? TaskKind.IMAGE_CLASSIFICATION : TaskKind.TEXT_CLASSIFICATION);
    }

    /**
     * Reads lines of label, tab and text to the end of the stream.
     *
     * @param name name of the data in error messages
     * @throws IOException if the stream cannot be read
     * @throws IllegalArgumentException if there is no labelled line
     */
    public static Dataset texts(String name, InputStream in) throws IOException {
        return TableData.texts(name, in);
    }

    /** Opens the data at {@code path} for {@code task} with default columns. */
    public static Dataset open(Path path, TaskKind task) {
        return open(path, task, Columns.of(Reads.of(task)));
    }

    /**
     * Opens the data at {@code path}. Images and sounds are only listed here and read when they are used. The format
     * depends on the task: CoNLL sentences for {@code token-classification}, SQuAD JSON for {@code
     * question-answering}, transitions or episodes in JSON Lines for {@code reinforcement-learning}, class folders for
     * {@code image-classification} and {@code audio-classification}, folders of recordings and transcripts for {@code
     * automatic-speech-recognition}; for all other tasks, and for images listed in a table, tab-separated lines, CSV
     * or JSON Lines depending on the file extension.
     *
     * @param columns the columns of a table and what they hold
     * @throws UncheckedIOException if the data cannot be read
     * @throws IllegalArgumentException if the data is no text or holds hardly any labelled item, is a folder where a file is
     *     needed, lacks a column, or is of a format without named columns although {@code columns} names some
     * @throws IllegalStateException if the items would take more than a quarter of the memory
     */
    public static Dataset open(Path path, TaskKind task, Columns columns) {
        return open(path, task, columns, 1);
    }

    /**
     * Opens data like {@link #open(Path, TaskKind, Columns)}, and cuts whole episodes into transitions of {@code
     * steps} steps.
     *
     * @param steps positive; ignored except for reinforcement learning
     */
    public static Dataset open(Path path, TaskKind task, Columns columns, int steps) {
        try {
            Dataset data = read(path, task, columns, steps);
            if (data.items().isEmpty()) {
                throw new IllegalArgumentException("data '%s' must hold labelled items (%s), but holds none%s"
                        .formatted(path, form(task), data.faults().reason()));
            }
            if (!isFolders(path)) {
                Found.requireRows(path.toString(), data.items().size(), data.faults());
            }
            return data;
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("data '" + path + "' does not exist; name a file or a folder that does", e);
        } catch (CharConversionException e) {
            throw new IllegalArgumentException("data '" + path + "' " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("data '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static Dataset read(Path path, TaskKind task, Columns columns, int steps) throws IOException {
        boolean isTable = task != TaskKind.TOKEN_CLASSIFICATION
                && task != TaskKind.QUESTION_ANSWERING
                && task != TaskKind.REINFORCEMENT_LEARNING;
        if (!columns.areDefault() && (!isTable || isFolders(path))) {
            throw new IllegalArgumentException(
                    "columns must be those of a table, but '%s' for task %s is none; leave them out"
                            .formatted(path, task.key()));
        }
        if (isFolders(path)) {
            if (task == TaskKind.AUTOMATIC_SPEECH_RECOGNITION) {
                return shuffled(SpeechFolders.read(path));
            }
            if (task != TaskKind.IMAGE_CLASSIFICATION && task != TaskKind.AUDIO_CLASSIFICATION) {
                throw new IllegalArgumentException("data '%s' for task %s must be a file (%s), but is a %s; name a file"
                        .formatted(path, task.key(), form(task), Files.isDirectory(path) ? "folder" : "zip"));
            }
            return shuffled(ClassFolders.read(path));
        }
        return switch (task) {
            case TOKEN_CLASSIFICATION -> ConllData.read(path);
            case QUESTION_ANSWERING -> SquadData.read(path);
            case REINFORCEMENT_LEARNING -> TransitionData.read(path, steps);
            default -> TableData.read(path, task, columns);
        };
    }

    /** Returns whether {@code path} is a folder or a zip, and so holds class folders or recordings. */
    public static boolean isFolders(Path path) {
        return Files.isDirectory(path)
                || path.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
    }

    /** Describes the data format that a task expects, for error messages. */
    private static String form(TaskKind task) {
        return switch (task) {
            case TOKEN_CLASSIFICATION -> "lines of a token and its tag, sentences parted by blank lines";
            case QUESTION_ANSWERING -> "JSON as that of SQuAD";
            case REINFORCEMENT_LEARNING -> "JSON Lines of transitions or episodes";
            case IMAGE_CLASSIFICATION -> "class folders of images, or a table of labels and image paths";
            case AUTOMATIC_SPEECH_RECOGNITION ->
                "recordings beside .trans.txt files of their transcripts, or a table of transcripts and paths of sounds";
            case AUDIO_CLASSIFICATION -> "class folders of sounds, or a table of labels and paths of sounds";
            default -> "lines of label<TAB>text or label<TAB>numbers, CSV or JSON Lines";
        };
    }

    private static Dataset shuffled(Dataset data) {
        List<Item> items = new ArrayList<>(data.items());
        Collections.shuffle(items, new Random(SHUFFLE_SEED));
        return new Dataset(data.name(), items, data.faults());
    }
}
