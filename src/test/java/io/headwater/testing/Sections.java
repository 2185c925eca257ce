package io.headwater.testing;

import io.headwater.adapt.state.Checkpoints;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.Digest;
import java.util.List;
import java.util.function.Consumer;

/** Sections of checkpoints in tests of the parts that write them. */
public final class Sections {
    private Sections() {}

    /** Returns a section with what {@code part} writes, after it has been bytes. */
    public static SectionReader written(Consumer<SectionWriter> part) {
        byte[] bytes = Checkpoints.write(
                Digest.of(new byte[0]), "form", List.of("output"), sections -> part.accept(sections.section("part")));
        return Checkpoints.read(bytes).sections().section("part");
    }
}
