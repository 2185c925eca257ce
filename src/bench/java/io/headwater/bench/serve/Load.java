package io.headwater.bench.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Bench;
import io.headwater.bench.Jvm;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A process that asks as fast as it gets answers, on a number of connections: a caller asks again when he has his answer, so that as many
 * requests are under way as there are connections, and no more. All callers share one thread, so that they leave the processors to the
 * service.
 */
final class Load {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** Requests on each connection before those that are measured, and all together at least. */
    private static final int WARM = 20;

    private static final int WARM_AT_LEAST = 600;
    /** Requests before all others that ask nothing of a model, so that the code of the client is compiled. */
    private static final int PINGS = 5000;

    private static final String ALIVE = "/v2/health/live";

    private final URI address;
    private final HttpClient client;
    private final List<Sentence> sentences;
    private final List<Double> milliseconds = new ArrayList<>();
    private int next;
    private int failed;
    private int mismatched;

    private Load(URI address, HttpClient client, int requests) {
        this.address = address;
        this.client = client;
        this.sentences = Sentences.of(requests);
    }

    /**
     * What callers got.
     *
     * @param failed answers with another status than 200
     * @param mismatched answers whose class is not that of the version that they name
     */
    record Got(double perSecond, double median, double p99, int failed, int mismatched) {}

    /** Asks from a process of its own. */
    static Got run(URI address, int connections, int requests) throws IOException, InterruptedException {
        List<String> command = Jvm.command(List.of());
        command.addAll(List.of(
                Load.class.getName(), address.toString(), Integer.toString(connections), Integer.toString(requests)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        JsonNode got = MAPPER.readTree(process.getInputStream());
        if (process.waitFor() != 0) {
            throw new IOException("the load ended with " + process.exitValue());
        }
        return MAPPER.convertValue(got, Got.class);
    }

    /** @param args address, connections, requests */
    public static void main(String[] args) {
        URI address = URI.create(args[0]);
        int connections = Integer.parseInt(args[1]);
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(connections).setEventLoopSize(1));
        Load pings = new Load(address, client, PINGS);
        pings.run(vertx, connections, pings::ping);
        Load warm = new Load(address, client, Math.max(WARM_AT_LEAST, connections * WARM));
        warm.run(vertx, connections, warm::predict);
        Load load = new Load(address, client, Integer.parseInt(args[2]));
        long begun = System.nanoTime();
        load.run(vertx, connections, load::predict);
        double seconds = (System.nanoTime() - begun) / 1e9;
        print(new Got(
                Bench.rounded(load.sentences.size() / seconds, 1),
                Bench.rounded(Bench.median(load.milliseconds), 2),
                Bench.rounded(Bench.quantile(load.milliseconds, 0.99), 2),
                load.failed,
                load.mismatched));
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static void print(Got got) {
        try {
            System.out.println(MAPPER.writeValueAsString(got));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends one request. */
    @FunctionalInterface
    private interface Asking {
        Future<?> ask(String text);
    }

    /** Sends all requests, on the one thread of {@code vertx} that the client uses. */
    private void run(Vertx vertx, int connections, Asking asking) {
        Context loop = vertx.getOrCreateContext();
        List<Future<?>> callers = IntStream.range(0, connections)
                .<Future<?>>mapToObj(i -> {
                    Promise<Void> done = Promise.promise();
                    loop.runOnContext(now -> askAll(asking, done));
                    return done.future();
                })
                .toList();
        Future.all(callers).toCompletionStage().toCompletableFuture().join();
    }

    private void askAll(Asking asking, Promise<Void> done) {
        if (next == sentences.size()) {
            done.complete();
            return;
        }
        asking.ask(sentences.get(next++).text()).onComplete(answered -> {
            if (answered.failed()) {
                failed++;
            }
            askAll(asking, done);
        });
    }

    private Future<?> ping(String text) {
        return client.request(new RequestOptions()
                        .setHost(address.getHost())
                        .setPort(address.getPort())
                        .setURI(ALIVE))
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body);
    }

    private Future<?> predict(String text) {
        Buffer body;
        try {
            body = Buffer.buffer(MAPPER.writeValueAsBytes(Map.of("text", text)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        long begun = System.nanoTime();
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(address.getHost())
                        .setPort(address.getPort())
                        .setURI(address.getPath())
                        .putHeader("Content-Type", "application/json"))
                .compose(request -> request.send(body))
                .compose(response -> response.body().onSuccess(answer -> {
                    milliseconds.add((System.nanoTime() - begun) / 1e6);
                    count(response.statusCode(), answer);
                }));
    }

    private void count(int status, Buffer body) {
        if (status != 200) {
            failed++;
            return;
        }
        JsonNode answer;
        try {
            answer = MAPPER.readTree(body.getBytes());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (!answer.path("prediction")
                .asText()
                .equals("v" + answer.path("version").asLong())) {
            mismatched++;
        }
    }
}
