package io.headwater.fuzz;

import io.headwater.config.TaskKind;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zips of images, sounds and recorded speech. */
class ZipFuzzTest extends FileFuzzing {
    @Override
    void read(byte[] bytes) throws IOException {
        for (TaskKind task : new TaskKind[] {
            TaskKind.IMAGE_CLASSIFICATION, TaskKind.AUDIO_CLASSIFICATION, TaskKind.AUTOMATIC_SPEECH_RECOGNITION
        }) {
            withData(bytes, ".zip", file -> Dataset.open(file, task).items().forEach(Item::payload));
        }
    }

    /** A zip is read once for images and once for sounds. */
    @Override
    long allocated() {
        return 400_000_000;
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                zip(Map.of("cats/1.png", "a", "dogs/2.png", "b", "dogs/", "")),
                zip(Map.of("1/1.trans.txt", "1-1 YES\n1-2 NO\n", "1/1-1.flac", "a", "1/1-2.wav", "b")));
    }

    @Override
    Stream<byte[]> large() {
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 8000; i++) {
            many.put("a/" + i, "");
        }
        return Stream.of(zip(many), zip(Map.of("a/1.png", "0".repeat(60 << 20))));
    }

    private static byte[] zip(Map<String, String> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(utf8(file.getValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
