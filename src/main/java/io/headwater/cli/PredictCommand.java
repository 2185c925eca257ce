package io.headwater.cli;

import io.headwater.board.DeadLetter;
import io.headwater.cli.console.Connection;
import io.headwater.cli.console.DomainConverter;
import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.cli.console.Remarks;
import io.headwater.cli.console.TimeLimit;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.PredictionRegion.Intervals;
import io.headwater.domain.PredictionRegion.TagSets;
import io.headwater.domain.Rejection;
import io.headwater.domain.Request;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.SampleProducer;
import io.headwater.standalone.data.TensorData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headwater predict}. */
@Command(name = "predict", description = "Send requests to the predictor and wait for its predictions.")
class PredictCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(100);
    /** Limit of a file's size, because files are read into memory completely; no adaptation accepts more. */
    private static final int MAX_FILE_BYTES = 64 << 20;

    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    Connection connection;

    @Option(
            names = "--domain",
            required = true,
            paramLabel = "NAME",
            converter = DomainConverter.class,
            description = "The domain of the requests.")
    String domain;

    @Option(
            names = "--adaptation",
            paramLabel = "NAME",
            defaultValue = "",
            description =
                    "The name of the adaptation that should answer, where several share the topics. Default: the one"
                            + " that has served longest.")
    String adaptation;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The id of a request, by which it can be labelled and traced later; once for each question."
                    + " Default: random ids, which --json prints.")
    List<String> ids = new ArrayList<>();

    @Option(names = "--image", paramLabel = "FILE", description = "An image to predict; can be repeated.")
    List<Path> images = new ArrayList<>();

    @Option(names = "--audio", paramLabel = "FILE", description = "A WAV or FLAC file to predict; can be repeated.")
    List<Path> sounds = new ArrayList<>();

    @Option(names = "--numbers", description = "Each TEXT contains numbers, for base models that read numbers.")
    boolean numbers;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the brokers and the predictor. Default: ${DEFAULT-VALUE}.")
    int timeoutSeconds;

    @Parameters(paramLabel = "TEXT", arity = "0..*", description = "Texts to predict.")
    List<String> texts = new ArrayList<>();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Map<String, Payload> questions = questions();
        if (questions.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "there is nothing to ask: give a TEXT, an --image or an --audio");
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
        Answers answers = TimeLimit.within(timeoutSeconds, () -> {
            RuntimeSettings settings = connection.settings();
            return ask(connection.clients(settings), connection.codec(settings), questions, deadline);
        });
        List<Prediction> inOrder = new ArrayList<>();
        for (String id : questions.keySet()) {
            Prediction answer = answers.predictions().get(id);
            if (answer != null) {
                inOrder.add(answer);
            }
        }
        output.print(
                Map.of("predictions", inOrder, "refusals", answers.refusals()),
                () -> inOrder.forEach(answer -> output.line(
                        "%s  %.3f%s%s  by %s (%s)%s",
                        answer.label(),
                        answer.probabilities().getOrDefault(answer.label(), Float.NaN),
                        region(answer.region()),
                        answer.abstain() ? "  abstains" : "",
                        answer.version(),
                        answer.version().artifact().abbreviated(),
                        switch (answer.adapted()) {
                            case NONE -> ", not adapted to the domain";
                            case ALIGNED -> ", adapted without labels";
                            case UNKNOWN, LEARNED -> "";
                        })));
        answers.refusals()
                .forEach((id, rejection) -> Remarks.print(
                        "question %d was refused: %s: %s",
                        List.copyOf(questions.keySet()).indexOf(id) + 1, rejection.reason(), rejection.message()));
        int open = questions.size() - answers.size();
        if (open > 0) {
            Remarks.print(
                    "%d of %d questions were not answered in %d s; is a predictor running, and does a version serve domain '%s'?",
                    open, questions.size(), timeoutSeconds, domain);
        }
        return inOrder.size() < questions.size() ? 1 : 0;
    }

    /**
     * What came back.
     *
     * @param predictions the prediction for each question that has one
     * @param refusals why each of the others was refused
     */
    private record Answers(Map<String, Prediction> predictions, Map<String, Rejection> refusals) {
        int size() {
            return predictions.size() + refusals.size();
        }
    }

    /** Returns what may be true, such as {@code "  {b, a}"} or {@code "  1.5 to 2.5"}; empty when it is not known. */
    static String region(@Nullable PredictionRegion region) {
        if (region instanceof ClassSet set) {
            return "  " + braced(set.names());
        } else if (region instanceof TagSets sets) {
            return "  " + sets.words().stream().map(PredictCommand::braced).collect(Collectors.joining(" "));
        } else if (region instanceof Intervals intervals) {
            return intervals.values().stream()
                    .map(one -> String.format(Locale.ROOT, "  %.4g to %.4g", one.low(), one.high()))
                    .collect(Collectors.joining());
        }
        return "";
    }

    private static String braced(List<String> names) {
        return "{" + String.join(", ", names) + "}";
    }

    private Map<String, Payload> questions() throws IOException {
        List<Payload> payloads = new ArrayList<>();
        for (String text : texts) {
            payloads.add(numbers ? TensorData.parse(text) : new Payload.Text(text));
        }
        for (Path image : images) {
            payloads.add(new Payload.EncodedImage(bytes(image)));
        }
        for (Path sound : sounds) {
            payloads.add(new Payload.Waveform(bytes(sound), 0));
        }
        requireIds(payloads.size());
        Map<String, Payload> questions = new LinkedHashMap<>();
        for (int i = 0; i < payloads.size(); i++) {
            questions.put(ids.isEmpty() ? UUID.randomUUID().toString() : ids.get(i), payloads.get(i));
        }
        return questions;
    }

    private void requireIds(int questions) {
        boolean isWrong = ids.stream().anyMatch(id -> id.isEmpty() || id.length() > Limits.ID)
                || Set.copyOf(ids).size() < ids.size()
                || (!ids.isEmpty() && ids.size() != questions);
        if (isWrong) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--id must be given once for each question, each another text of 1 to %d characters, but for %d questions there are %s"
                            .formatted(Limits.ID, questions, ids));
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IOException("'%s' must have at most %d bytes, but has more; is it an image or a sound?"
                        .formatted(file, MAX_FILE_BYTES));
            }
            return bytes;
        }
    }

    private Answers ask(Clients clients, Codec codec, Map<String, Payload> questions, long deadline) {
        Answers answers = new Answers(new LinkedHashMap<>(), new LinkedHashMap<>());
        int of = clients.topics().partitionOf(domain);
        TopicPartition predictions = clients.topics().partition(Topic.PREDICTIONS, of);
        TopicPartition letters = clients.topics().partition(Topic.DEAD_LETTERS, of);
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader();
                SampleProducer producer = new SampleProducer(clients, codec, Clock.systemUTC())) {
            consumer.assign(List.of(predictions, letters));
            consumer.seekToEnd(List.of(predictions, letters));
            consumer.position(predictions);
            consumer.position(letters);
            questions.forEach((id, payload) -> producer.request(domain, id, payload, adaptation));
            producer.flush();
            while (answers.size() < questions.size() && System.nanoTime() - deadline < 0) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records.records(predictions)) {
                    if (codec.decode(EventType.PREDICTION, record.value()) instanceof Outcome.Ok<Prediction> prediction
                            && !prediction.value().shadow()
                            && questions.containsKey(prediction.value().requestId())) {
                        answers.predictions().put(prediction.value().requestId(), prediction.value());
                    }
                }
                for (ConsumerRecord<byte[], byte[]> record : records.records(letters)) {
                    DeadLetter letter = DeadLetter.of(record);
                    if (letter != null
                            && record.value() != null
                            && codec.decode(EventType.REQUEST, record.value()) instanceof Outcome.Ok<Request> request
                            && questions.containsKey(request.value().id())) {
                        answers.refusals().put(request.value().id(), new Rejection(letter.reason(), letter.message()));
                    }
                }
            }
        }
        return answers;
    }
}
