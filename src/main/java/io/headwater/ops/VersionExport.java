package io.headwater.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.adapt.HeadArtifact;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.engine.BaseModel;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.task.Task;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Exports a version as a file that other programs can use. */
public final class VersionExport {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The formats of exported files. */
    public enum Format {
        /** A complete ONNX model: base model and head. */
        ONNX,
        /** Only the head, as it is stored: the trained tensors by name. */
        SAFETENSORS,
        /** A complete Deeplearning4j model; only for base models that are graphs of layers. */
        DL4J
    }

    private final ArtifactStore store;

    /** Creates an exporter of versions whose artifacts are in {@code store}. */
    public VersionExport(ArtifactStore store) {
        this.store = store;
    }

    /**
     * Returns the content of the file for {@code version}.
     *
     * @throws io.headwater.domain.ArtifactException when an artifact or a file of the base model is missing or does not
     *     match its digest
     * @throws io.headwater.config.ConfigurationException when the base model is not available here
     * @throws io.headwater.engine.BackboneException when the model cannot be written in this format
     */
    public byte[] write(ModelVersion version, Format format) {
        byte[] artifact = store.get(version.ref().artifact());
        if (format == Format.SAFETENSORS) {
            return artifact;
        }
        AdaptationConfig config = configuration(version);
        HeadArtifact head = HeadArtifact.fromBytes(artifact);
        BaseModelManifest manifest = BaseModelFile.resolve(config.base());
        OutputLayer output;
        try (Task task = Tasks.of(config, manifest)) {
            output = task.goal().output();
        }
        BaseModel base = BaseModelOpener.open(manifest, Compute.ONE_THREAD);
        return format == Format.DL4J
                ? base.deeplearning4j(config, output, head.parameters())
                : base.onnx(config, output, head.parameters(), metadata(version));
    }

    /**
     * Returns the configuration that the version was trained with.
     *
     * @throws io.headwater.domain.ArtifactException when it is missing or does not match its digest
     */
    public AdaptationConfig configuration(ModelVersion version) {
        byte[] canonical = store.get(version.lineage().configuration());
        return AdaptationFile.parseCanonical(new String(canonical, StandardCharsets.UTF_8));
    }

    /** Returns the metadata of a file that describe its origin. */
    static Map<String, String> metadata(ModelVersion version) {
        Lineage lineage = version.lineage();
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("headwater.version", version.ref().toString());
        metadata.put("headwater.artifact", version.ref().artifact().toString());
        metadata.put("headwater.base-model", lineage.baseModel().toString());
        metadata.put("headwater.configuration", lineage.configuration().toString());
        metadata.put(
                "headwater.parent",
                lineage.parent() == null ? "none" : lineage.parent().toString());
        metadata.put(
                "headwater.samples",
                "partition %d, offsets %d to %d"
                        .formatted(lineage.partition(), lineage.fromOffset(), lineage.toOffset()));
        metadata.put("headwater.created", version.createdAt().toString());
        try {
            metadata.put("headwater.labels", JSON.writeValueAsString(version.labels()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of strings is always valid JSON", e);
        }
        return metadata;
    }
}
