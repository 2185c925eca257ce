package io.headwater.standalone;

import io.headwater.config.TaskKind;
import java.io.IOException;
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
 * Labelled data from files: a {@code label<TAB>text} or {@code label<TAB>numbers} file in its own order, or a folder or zip
 * of class folders of images or sounds in an order shuffled by a fixed seed (class folders have none of their own).
 *
 * @param name of the file
 * @param items that can be used
 * @param faults a line for each row that cannot, with file, line and rule
 */
public record Dataset(String name, List<Item> items, List<String> faults) {
    private static final long SHUFFLE_SEED = 1;

    public Dataset {
        items = List.copyOf(items);
        faults = List.copyOf(faults);
    }

    /** The data at {@code path}, of which lines hold text. */
    public static Dataset open(Path path) {
        return open(path, TaskKind.TEXT_CLASSIFICATION);
    }

    /**
     * Reads the table of contents of {@code path}; images and sounds are read when they are used.
     *
     * @param task that the data is for: lines hold numbers for {@code tensor-classification}, else text
     * @throws UncheckedIOException when it cannot be read
     * @throws IllegalArgumentException when it holds no labelled item
     */
    public static Dataset open(Path path, TaskKind task) {
        try {
            Dataset data = Files.isDirectory(path)
                    ? shuffled(ClassFolders.folder(path))
                    : path.toString().toLowerCase(Locale.ROOT).endsWith(".zip")
                            ? shuffled(ClassFolders.zip(path))
                            : task == TaskKind.TENSOR_CLASSIFICATION ? TensorData.read(path) : TextData.read(path);
            if (data.items().isEmpty()) {
                throw new IllegalArgumentException(
                        "data '%s' must hold labelled items (lines of label<TAB>text or label<TAB>numbers, or class folders of images or sounds), but holds none%s"
                                .formatted(
                                        path,
                                        data.faults().isEmpty()
                                                ? ""
                                                : ": " + data.faults().get(0)));
            }
            return data;
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("data '" + path + "' does not exist; name a file or a folder that does", e);
        } catch (IOException e) {
            throw new UncheckedIOException("data '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static Dataset shuffled(Dataset data) {
        List<Item> items = new ArrayList<>(data.items());
        Collections.shuffle(items, new Random(SHUFFLE_SEED));
        return new Dataset(data.name(), items, data.faults());
    }
}
