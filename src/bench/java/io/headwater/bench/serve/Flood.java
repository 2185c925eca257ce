package io.headwater.bench.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Bench;
import io.headwater.bench.Jvm;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that asks at a given rate, whether it gets answers or not: requests for which all connections are busy wait for one, up to a
 * bound, and are not sent beyond it.
 */
final class Flood {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int CONNECTIONS = 1_000;
    private static final long TURN_MILLIS = 10;

    private final URI address;
    private final HttpClient client;
    private final List<Sentence> sentences = Sentences.of(1_000);
    private final List<Double> milliseconds = new ArrayList<>();
    private final Promise<Void> done = Promise.promise();
    private final long begun = System.nanoTime();
    private final double perSecond;
    private final double seconds;
    private long due;
    private long open;
    private long refused;
    private long failed;
    private long notSent;
    private long ended;

    private Flood(URI address, HttpClient client, double perSecond, double seconds) {
        this.address = address;
        this.client = client;
        this.perSecond = perSecond;
        this.seconds = seconds;
    }

    /**
     * What callers got.
     *
     * @param offered requests in a second
     * @param answered those that were answered
     * @param refused those that were told to come again
     * @param failed those with another status, or none
     * @param notSent those for which no connection was free
     * @param median time to an answer in milliseconds
     * @param p99 the 99th percentile of it
     * @param longest the longest of all
     * @param drained seconds from the last request to the last answer
     */
    record Got(
            double offered,
            long answered,
            long refused,
            long failed,
            long notSent,
            double median,
            double p99,
            double longest,
            double drained) {}

    /** Asks from a process of its own. */
    static Got run(URI address, double perSecond, int seconds) throws IOException, InterruptedException {
        List<String> command = Jvm.command(List.of());
        command.addAll(List.of(
                Flood.class.getName(), address.toString(), Double.toString(perSecond), Integer.toString(seconds)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        JsonNode got = MAPPER.readTree(process.getInputStream());
        if (process.waitFor() != 0) {
            throw new IOException("the flood ended with " + process.exitValue());
        }
        return MAPPER.convertValue(got, Got.class);
    }

    /** @param args address, requests in a second, seconds */
    public static void main(String[] args) throws IOException {
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(new PoolOptions()
                .setHttp1MaxSize(CONNECTIONS)
                .setMaxWaitQueueSize(0)
                .setEventLoopSize(1));
        Flood flood = new Flood(URI.create(args[0]), client, Double.parseDouble(args[1]), Double.parseDouble(args[2]));
        vertx.getOrCreateContext().runOnContext(now -> vertx.setPeriodic(TURN_MILLIS, id -> flood.turn(vertx, id)));
        flood.done.future().toCompletionStage().toCompletableFuture().join();
        System.out.println(MAPPER.writeValueAsString(flood.got()));
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void turn(Vertx vertx, long timer) {
        double passed = (System.nanoTime() - begun) / 1e9;
        if (passed >= seconds) {
            if (open == 0) {
                vertx.cancelTimer(timer);
                ended = System.nanoTime();
                done.complete();
            }
            return;
        }
        while (due < passed * perSecond) {
            ask(sentences.get((int) (due++ % sentences.size())).text());
        }
    }

    private void ask(String text) {
        long sent = System.nanoTime();
        open++;
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(address.getHost())
                        .setPort(address.getPort())
                        .setURI(address.getPath())
                        .putHeader("Content-Type", "text/plain"))
                .onFailure(full -> {
                    open--;
                    notSent++;
                })
                .onSuccess(request -> request.send(Buffer.buffer(text))
                        .compose(response -> response.body().map(body -> response.statusCode()))
                        .onComplete(status -> {
                            open--;
                            count(status.succeeded() ? status.result() : 0, (System.nanoTime() - sent) / 1e6);
                        }));
    }

    private void count(int status, double took) {
        if (status == 200) {
            milliseconds.add(took);
        } else if (status == 429) {
            refused++;
        } else {
            failed++;
        }
    }

    private Got got() {
        return new Got(
                Bench.rounded(due / seconds, 1),
                milliseconds.size(),
                refused,
                failed,
                notSent,
                Bench.rounded(Bench.median(milliseconds), 1),
                Bench.rounded(Bench.quantile(milliseconds, 0.99), 1),
                Bench.rounded(Bench.quantile(milliseconds, 1), 1),
                Bench.rounded((ended - begun) / 1e9 - seconds, 2));
    }
}
