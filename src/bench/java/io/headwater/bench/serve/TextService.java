package io.headwater.bench.serve;

import io.headwater.api.ApiServer;
import io.headwater.api.http.ApiLimits;
import io.headwater.bench.Bench;
import io.headwater.bench.Folders;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.CheckpointConfig;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.online.OnlinePredictor;
import io.headwater.online.OnlineSettings;
import io.headwater.predictor.Letters;
import io.headwater.role.RoleState;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Predictions of texts over HTTP, with a broker in the same process; callers have processes of their own, and all share the processors.
 * Version N always answers {@code vN}, so that callers notice an answer of another version than the one that it names.
 */
final class TextService implements AutoCloseable {
    private static final String DOMAIN = "shop";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ApiLimits LIMITS = new ApiLimits(1 << 20, 64 << 20, PATIENCE);

    private final Path folder = Files.createTempDirectory("headwater-serve");
    private final AdaptationConfig config =
            Bench.adaptation("bench", CheckpointConfig.DEFAULT).withLabels(List.of());
    private final BaseModelManifest base = BaseModelFile.builtIn(config.base());
    private final BrokerUnderTest broker = BrokerUnderTest.embedded();
    private final Installation installation;
    private final OnlinePredictor role;
    private final ApiServer server;
    private final int width;
    private long version;

    private TextService() throws Exception {
        installation = Installation.of(config, broker, new FileArtifactStore(folder.resolve("store"), 1 << 24))
                .divided(base)
                .createTopics();
        try (OnnxBackbone backbone = OnnxBackbone.open(base)) {
            width = backbone.width();
        }
        role = installation.online(OnlineSettings.USUAL);
        server = new ApiServer(role, LIMITS);
    }

    /** Starts it, with a first version. */
    static TextService open() throws Exception {
        TextService service = new TextService();
        service.role.start();
        Await.until("the role", PATIENCE, () -> service.role.state() == RoleState.RUNNING);
        service.swap();
        Await.until("a version", PATIENCE, () -> service.role.serving().containsKey(DOMAIN));
        return service;
    }

    /** Lets another version serve. */
    void swap() {
        version++;
        Letters.serveAs(
                installation,
                DOMAIN,
                version,
                installation
                        .store()
                        .put(Letters.head(installation.servingSetup(), version, width)
                                .toBytes()));
    }

    AdaptationConfig config() {
        return config;
    }

    BaseModelManifest base() {
        return base;
    }

    /** Where texts are predicted. */
    URI address() {
        return URI.create("http://127.0.0.1:%d/api/v1/lanes/bench/%s/predict".formatted(server.port(), DOMAIN));
    }

    @Override
    public void close() throws Exception {
        server.close();
        role.stop();
        role.awaitEnd();
        installation.close();
        broker.close();
        Folders.delete(folder);
    }
}
