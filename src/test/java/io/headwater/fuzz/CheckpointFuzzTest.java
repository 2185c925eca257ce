package io.headwater.fuzz;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.memory.StoredSamples;
import io.headwater.adapt.state.CheckpointLog;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.testing.MemoryStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Checkpoints that refer to others. */
class CheckpointFuzzTest extends ReaderFuzzing {
    private static final int OUTPUTS = 2;

    private final MemoryStore store = new MemoryStore();
    private final List<Digest> saved = new ArrayList<>();

    @Override
    void read(byte[] bytes) {
        try {
            Checkpoints.needs(bytes);
            Checkpoints.parts(bytes);
            SectionReader sections =
                    Checkpoints.read(store, store.put(bytes)).sections().section("lane");
            StoredSamples.read(sections.section("memory"), OUTPUTS);
            sections.tensors("sums");
        } catch (ArtifactException refused) {
            // Documented for bytes that are no checkpoint.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        CheckpointLog log = new CheckpointLog();
        List<StoredSample> samples = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            samples.add(new StoredSample(new float[] {i, 1}, new float[] {0}, 0, i, new float[0]));
            saved.add(log.save(
                    store,
                    Digest.of(new byte[1]),
                    "form",
                    List.of("a", "b"),
                    Set.copyOf(saved),
                    sections -> write(sections.section("lane"), samples)));
        }
        Stream<byte[]> files = saved.stream().map(store::get);
        return Stream.concat(
                files,
                Stream.of(
                        utf8("headwater-checkpoint-3\n"),
                        utf8("headwater-checkpoint-3\n\u007f\u007f\u007f\u007f"),
                        asksForADictionary()));
    }

    /** A file whose compressed part has been compressed with a dictionary (RFC 1950, FDICT), which nobody has. */
    private static byte[] asksForADictionary() {
        byte[] magic = utf8("headwater-checkpoint-3\n");
        return ByteBuffer.allocate(magic.length + 20)
                .put(magic)
                .putInt(0)
                .putInt(0)
                .putInt(100)
                .put(new byte[] {0x78, 0x20, 1, 2, 3, 4, 0, 0})
                .array();
    }

    private static void write(SectionWriter section, List<StoredSample> samples) {
        StoredSamples.write(section.section("memory"), List.copyOf(samples));
        section.floats("sums/x", new float[100]);
    }
}
