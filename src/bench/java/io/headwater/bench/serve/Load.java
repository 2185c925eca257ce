package io.headwater.bench.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Bench;
import io.headwater.bench.Jvm;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that asks as fast as it gets answers, on a number of connections: a caller asks again when he has his answer, so that as many
 * requests are under way as there are connections, and no more.
 */
final class Load {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** Requests on each connection before those that are measured, and all together at least. */
    private static final int WARM = 20;

    private static final int WARM_AT_LEAST = 600;

    private final URI address;
    private final List<Sentence> sentences;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger next = new AtomicInteger();
    private final Queue<Double> milliseconds = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger mismatched = new AtomicInteger();

    private Load(URI address, int requests) {
        this.address = address;
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
    public static void main(String[] args) throws Exception {
        int connections = Integer.parseInt(args[1]);
        Load warm = new Load(URI.create(args[0]), Math.max(WARM_AT_LEAST, connections * WARM));
        warm.ask(connections);
        Load load = new Load(URI.create(args[0]), Integer.parseInt(args[2]));
        double seconds = load.ask(connections);
        Got got = new Got(
                Bench.rounded(load.sentences.size() / seconds, 1),
                Bench.rounded(Bench.median(load.milliseconds), 2),
                Bench.rounded(Bench.quantile(load.milliseconds, 0.99), 2),
                load.failed.get(),
                load.mismatched.get());
        System.out.println(MAPPER.writeValueAsString(got));
    }

    /** Returns the seconds for all requests. */
    private double ask(int connections) throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            Thread caller = new Thread(this::askAll);
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private void askAll() {
        for (int i = next.getAndIncrement(); i < sentences.size(); i = next.getAndIncrement()) {
            try {
                ask(sentences.get(i).text());
            } catch (IOException | InterruptedException e) {
                failed.incrementAndGet();
            }
        }
    }

    private void ask(String text) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(Map.of("text", text))))
                .build();
        long begun = System.nanoTime();
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        milliseconds.add((System.nanoTime() - begun) / 1e6);
        if (response.statusCode() != 200) {
            failed.incrementAndGet();
            return;
        }
        JsonNode answer = MAPPER.readTree(response.body());
        if (!answer.path("prediction")
                .asText()
                .equals("v" + answer.path("version").asLong())) {
            mismatched.incrementAndGet();
        }
    }
}
