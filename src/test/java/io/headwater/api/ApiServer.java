package io.headwater.api;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Guards;
import io.headwater.online.Desk;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** The prediction API on a port of its own, and a client of it. */
public final class ApiServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Starts it with one desk. */
    public ApiServer(Desk desk, ApiLimits limits) throws InterruptedException {
        Router router = Router.router(vertx);
        new PredictionApi(() -> List.of(desk), limits, new Guards(List.of("models.example")), "1.2.3").mount(router);
        this.server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    public int port() {
        return server.actualPort();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    public HttpResponse<String> post(String path, String contentType, String body)
            throws IOException, InterruptedException {
        return post(path, contentType, BodyPublishers.ofString(body));
    }

    public HttpResponse<String> post(String path, String contentType, BodyPublisher body)
            throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", contentType).POST(body));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Sends a request, and returns the bytes of the answer. */
    public HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
