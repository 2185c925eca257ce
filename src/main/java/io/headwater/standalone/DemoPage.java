package io.headwater.standalone;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Guards;
import io.headwater.board.Board;
import io.headwater.online.OnlineListener;
import io.headwater.online.OnlinePredictor;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.page.PageServer;
import io.headwater.role.Role;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The page of a demo, on the loopback interface: at the usual port, or at any other that is free. */
final class DemoPage implements AutoCloseable {
    private static final int USUAL_PORT = 8080;
    private static final String HOST = "127.0.0.1";
    private static final ApiLimits LIMITS = new ApiLimits(1 << 20, 1 << 24, Duration.ofSeconds(20));

    private final Vertx vertx;
    private final List<Role> roles;
    private final int port;

    private DemoPage(Vertx vertx, List<Role> roles, int port) {
        this.vertx = vertx;
        this.roles = roles;
        this.port = port;
    }

    static DemoPage open(AdaptationRuntime runtime) throws InterruptedException, ExecutionException {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(4)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Board board = new Board(runtime.clients(), runtime.codec(), "demo");
        OnlinePredictor online = runtime.online(OnlineListener.NONE);
        Router router = Router.router(vertx);
        new PageServer(() -> Optional.of(board), () -> List.of(online), LIMITS, new Guards(List.of())).mount(router);
        int port = listen(vertx, router, USUAL_PORT)
                .handle((bound, taken) ->
                        taken == null ? CompletableFuture.completedFuture(bound) : listen(vertx, router, 0))
                .thenCompose(bound -> bound)
                .get()
                .actualPort();
        List<Role> roles = List.of(board, online);
        roles.forEach(Role::start);
        return new DemoPage(vertx, roles, port);
    }

    private static CompletableFuture<HttpServer> listen(Vertx vertx, Router router, int port) {
        return vertx.createHttpServer()
                .requestHandler(router)
                .listen(port, HOST)
                .toCompletionStage()
                .toCompletableFuture();
    }

    String url() {
        return "http://localhost:" + port + "/";
    }

    @Override
    public void close() throws InterruptedException {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        DemoRoles.end(roles);
    }
}
