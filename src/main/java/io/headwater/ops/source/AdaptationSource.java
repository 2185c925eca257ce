package io.headwater.ops.source;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.ConfigurationException;
import io.headwater.config.PretrainedLabels;
import io.headwater.domain.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file, and the adaptation that it described when it was read.
 *
 * @param file the file
 * @param content digest of its text, or of the reason why it cannot be read
 * @param adaptation the adaptation; empty when there are faults
 * @param faults what is wrong, one line each, which begins with the file; empty when there is an adaptation
 */
public record AdaptationSource(Path file, Digest content, Optional<AdaptationConfig> adaptation, List<String> faults) {
    public AdaptationSource {
        faults = List.copyOf(faults);
    }

    /** Reads {@code file}, and checks it as far as this is possible without its base model. */
    public static AdaptationSource read(Path file) {
        String text;
        try {
            text = AdaptationFile.text(file);
        } catch (ConfigurationException e) {
            String reason = String.valueOf(e.getMessage());
            return new AdaptationSource(file, digest(reason), Optional.empty(), lines(file, reason));
        }
        Digest content = digest(text);
        try {
            AdaptationConfig adaptation = AdaptationFile.read(file, text);
            PretrainedLabels.check(BaseModelFile.resolve(adaptation.base()), adaptation);
            return new AdaptationSource(file, content, Optional.of(adaptation), List.of());
        } catch (ConfigurationException e) {
            return new AdaptationSource(file, content, Optional.empty(), lines(file, String.valueOf(e.getMessage())));
        }
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the lines of {@code reason}, each of which begins with the file. */
    public static List<String> lines(Path file, String reason) {
        return reason.lines()
                .map(line -> line.startsWith(file + ":") ? line : file + ": " + line)
                .toList();
    }

    /**
     * Returns the same sources, where every one whose adaptation has the name of another has a fault instead of it.
     */
    public static List<AdaptationSource> distinct(List<AdaptationSource> sources) {
        Map<String, List<Path>> files = new TreeMap<>();
        for (AdaptationSource source : sources) {
            source.adaptation()
                    .ifPresent(adaptation -> files.computeIfAbsent(adaptation.name(), name -> new ArrayList<>())
                            .add(source.file()));
        }
        return sources.stream()
                .map(source -> source.adaptation()
                        .map(adaptation -> files.getOrDefault(adaptation.name(), List.of()))
                        .filter(same -> same.size() > 1)
                        .map(source::sharesItsName)
                        .orElse(source))
                .toList();
    }

    private AdaptationSource sharesItsName(List<Path> files) {
        return refused("name must be that of one adaptation only, but %s have it; rename all but one"
                .formatted(files.stream().map(Path::toString).sorted().toList()));
    }

    /** Returns a source of the same content whose adaptation cannot be used for {@code reason}. */
    public AdaptationSource refused(String reason) {
        return new AdaptationSource(file, content, Optional.empty(), lines(file, reason));
    }
}
