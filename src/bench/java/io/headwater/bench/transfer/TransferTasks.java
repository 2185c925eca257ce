package io.headwater.bench.transfer;

import io.headwater.bench.Folders;
import io.headwater.bench.transfer.TransferModels.Pair;
import io.headwater.bench.transfer.TransferTask.Base;
import io.headwater.bench.transfer.TransferTask.Effort;
import io.headwater.bench.transfer.TransferTask.Material;
import io.headwater.bench.transfer.TransferTask.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** The tasks of the transfer benchmark. */
final class TransferTasks {
    /** The names of the tasks, in the order in which they run. */
    static final List<String> NAMES =
            List.of("sentiment", "entities", "digits", "speech", "images", "policy", "topics", "marks", "questions");

    private static final int MINILM_BLOCKS = 6;
    /** Disables replay for tasks with several passes over the samples and expensive convolutions. */
    private static final List<String> NO_REPLAY = List.of("replay.capacity: 0", "replay.per-step: 0");

    private static final Map<Integer, Integer> PASSES = Map.of(50, 10, 200, 5, 1000, 2, 1001, 1);

    private final Path data;
    private final Path work;
    private final TransferModels models;

    /**
     * Creates the tasks.
     *
     * @param data folder of data and models, as described in docs/benchmarks.md
     * @param work folder to write to
     */
    TransferTasks(Path data, Path work) {
        this.data = data;
        this.work = work;
        this.models = new TransferModels(data.resolve("models"), work);
    }

    TransferTask of(String name) throws Exception {
        return switch (name) {
            case "sentiment" -> sentiment();
            case "images" -> images();
            case "digits" -> digits();
            case "speech" -> speech();
            case "entities" -> entities();
            case "questions" -> questions();
            case "topics" -> topics();
            case "marks" -> marks();
            case "policy" -> policy();
            default -> throw new IllegalArgumentException("a task must be one of " + NAMES + ", but is " + name);
        };
    }

    private TransferTask sentiment() throws IOException {
        Pair model = models.miniLm(128);
        TransferData train = TransferData.Lines.of(data.resolve("text/stsa.binary.train.tsv"));
        TransferData test = TransferData.Lines.of(data.resolve("text/stsa.binary.test.tsv"));
        return new TransferTask(
                "sentiment",
                "text-classification",
                "Sentiment of sentences (SST-2)",
                "Stanford Sentiment Treebank, two classes; MiniLM",
                "accuracy",
                null,
                List.of(),
                new Base(
                        model.trained(),
                        List.of(TransferSetting.lpFt(2, 0.003, 0.1), TransferSetting.lpFt(4, 0.003, 0.1))),
                new Base(model.untrained(), whole(MINILM_BLOCKS, 0.0003, 0.001)),
                new Effort(train.size(), 3, 1, PASSES),
                seed -> new Split(train, test, null));
    }

    private TransferTask images() throws IOException {
        Pair model = models.squeezeNet();
        Path folder = work.resolve("images");
        TransferData train = table(data.resolve("images/cifar10/train.zip"), folder, "train");
        TransferData test = table(data.resolve("images/cifar10/test.zip"), folder, "test");
        return new TransferTask(
                "images",
                "image-classification",
                "Objects in small images (CIFAR-10)",
                "ten classes of 200 images each; SqueezeNet 1.1 with the weights of ImageNet",
                "accuracy",
                null,
                NO_REPLAY,
                new Base(
                        model.trained(),
                        List.of(TransferSetting.lpFt(1, 0.003, 0.03), TransferSetting.lpFt(2, 0.003, 0.1))),
                new Base(model.untrained(), whole(8, 0.0003, 0.001)),
                new Effort(train.size(), 3, 1, Map.of(50, 10, 200, 5, 1000, 2)),
                seed -> new Split(train, test, folder));
    }

    /** Writes a table beside the unpacked files, whose folder names are their classes. */
    private static TransferData table(Path zip, Path folder, String name) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String entry : Folders.unpack(zip, folder.resolve(name))) {
            lines.add(entry.substring(0, entry.indexOf('/')) + "\t" + name + "/" + entry);
        }
        return new TransferData.Lines(lines, true);
    }

    private TransferTask digits() throws IOException {
        // One window, the input of unfrozen layers: 76 frames of 25 ms, one every 10 ms.
        Pair model = models.speechEmbedding("digits", "0.785", 8);
        Path folder = work.resolve("sounds");
        List<String> files = Folders.unpack(data.resolve("audio/fsdd/recordings.zip"), folder);
        List<String> speakers = files.stream()
                .map(file -> file.split("_")[1])
                .distinct()
                .sorted()
                .toList();
        Material held = seed -> {
            String speaker = speakers.get((seed - 1) % speakers.size());
            return new Split(spoken(files, speaker, false), spoken(files, speaker, true), folder);
        };
        return new TransferTask(
                "digits",
                "audio-classification",
                "Spoken digits of a new speaker (FSDD)",
                "ten digits, each of four speakers held out in turn; the speech embedding of openWakeWord. The settings were"
                        + " chosen once, without the first speaker",
                "accuracy",
                null,
                NO_REPLAY,
                new Base(
                        model.trained(),
                        List.of(TransferSetting.lpFt(4, 0.01, 0.1), TransferSetting.lpFt(8, 0.01, 0.1))),
                new Base(model.untrained(), whole(20, 0.001, 0.003)),
                new Effort(
                        held.of(1).train().size(), speakers.size(), speakers.size(), Map.of(50, 10, 200, 5, 1000, 2)),
                held);
    }

    private static TransferData spoken(List<String> files, String speaker, boolean test) {
        return new TransferData.Lines(
                files.stream()
                        .filter(file -> file.contains("_" + speaker + "_") == test)
                        .map(file -> file.charAt(0) + "\t" + file)
                        .toList(),
                true);
    }

    /**
     * An unfrozen top would read one window at most, so the model from scratch is an output layer on random features.
     */
    private TransferTask speech() throws IOException {
        Pair model = models.speechEmbedding("speech", "4", 2);
        Path folder = work.resolve("speech");
        Folders.delete(folder);
        String speaker = "george";
        ConcatenatedDigits.write(
                data.resolve("audio/fsdd/recordings.zip"), folder, speaker, 200, 1, ConcatenatedDigits.Spelling.DIGITS);
        List<String> train = new ArrayList<>();
        for (String other : List.of("jackson", "lucas", "nicolas")) {
            train.addAll(transcripts(folder, "train", other));
        }
        TransferData learned = new TransferData.Lines(train, false);
        TransferData test = new TransferData.Lines(transcripts(folder, "test", speaker), false);
        List<TransferSetting> settings = List.of(TransferSetting.probe(0.01), TransferSetting.probe(0.03));
        return new TransferTask(
                "speech",
                "automatic-speech-recognition",
                "Spoken numbers of a new speaker (FSDD)",
                "two to four concatenated digits, the speaker george held out; an output layer on the frames of the speech"
                        + " embedding of openWakeWord; from scratch: on the frames of the same network with random weights",
                "wer",
                "cer",
                List.of(),
                new Base(model.trained(), settings),
                new Base(model.untrained(), settings),
                new Effort(train.size(), 3, 1, Map.of(50, 20, 200, 10, 1000, 5)),
                seed -> new Split(learned, test, folder));
    }

    private static List<String> transcripts(Path folder, String part, String speaker) throws IOException {
        String place = part + "/" + speaker + "/0/";
        return Files.readAllLines(folder.resolve(place + speaker + "-0.trans.txt")).stream()
                .map(line -> line.substring(line.indexOf(' ') + 1) + "\t" + place + line.substring(0, line.indexOf(' '))
                        + ".wav")
                .toList();
    }

    private TransferTask entities() throws IOException {
        Pair model = models.miniLm(128);
        TransferData train = TransferData.Sentences.of(data.resolve("ner/wnut17train.conll"));
        TransferData test = TransferData.Sentences.of(data.resolve("ner/emerging.dev.conll"));
        return new TransferTask(
                "entities",
                "token-classification",
                "Emerging entities (WNUT-17)",
                "six kinds of entities in posts, tested on the development set; MiniLM",
                "entityF1",
                null,
                List.of(),
                new Base(
                        model.trained(),
                        List.of(TransferSetting.fineTune(2, 0.003, 0.1), TransferSetting.fineTune(4, 0.003, 0.1))),
                new Base(model.untrained(), whole(MINILM_BLOCKS, 0.0003, 0.001)),
                new Effort(train.size(), 3, 1, PASSES),
                seed -> new Split(train, test, null));
    }

    private TransferTask questions() throws IOException {
        Pair model = models.miniLm(384);
        List<Integer> articles = new ArrayList<>(IntStream.range(0, 48).boxed().toList());
        Collections.shuffle(articles, new Random(1));
        Path file = data.resolve("qa/xquad.en.json");
        TransferData test = TransferData.Questions.of(file, articles.subList(0, 8));
        TransferData train = TransferData.Questions.of(file, articles.subList(8, 48));
        return new TransferTask(
                "questions",
                "question-answering",
                "Answers to questions on paragraphs (XQuAD, English)",
                "8 of 48 articles held out; MiniLM with up to 384 tokens",
                "f1",
                "exactMatch",
                List.of(),
                new Base(model.trained(), List.of(TransferSetting.fineTune(2, 0.003, 0.1))),
                new Base(model.untrained(), whole(MINILM_BLOCKS, 0.0003)),
                new Effort(train.size(), 3, 1, Map.of(50, 4, 200, 2, 1000, 1)),
                seed -> new Split(train, test, null));
    }

    private TransferTask topics() throws IOException {
        Pair model = models.miniLm(64);
        TransferData train = GeneratedTexts.complaints(1200, false, 1);
        TransferData test = GeneratedTexts.complaints(500, true, 2);
        return new TransferTask(
                "topics",
                "multi-label-classification",
                "Topics of complaints (generated)",
                "one to three of four topics; the test samples are worded differently from the training samples; MiniLM",
                "microF1",
                null,
                List.of("labels: [delivery, price, quality, service]"),
                new Base(
                        model.trained(),
                        List.of(TransferSetting.lpFt(2, 0.01, 0.03), TransferSetting.lpFt(2, 0.003, 0.1))),
                new Base(model.untrained(), whole(MINILM_BLOCKS, 0.0003, 0.001)),
                new Effort(1000, 3, 1, PASSES),
                seed -> new Split(train, test, null));
    }

    private TransferTask marks() throws IOException {
        Pair model = models.miniLm(64);
        TransferData train = GeneratedTexts.reviews(1200, false, 3);
        TransferData test = GeneratedTexts.reviews(500, true, 4);
        return new TransferTask(
                "marks",
                "regression",
                "Ratings of reviews (generated)",
                "two numbers from −1 to 1; the test samples are worded differently from the training samples; MiniLM",
                "r2",
                "mae",
                List.of("labels: [thing, people]"),
                new Base(
                        model.trained(),
                        List.of(TransferSetting.lpFt(2, 0.01, 0.03), TransferSetting.lpFt(2, 0.003, 0.1))),
                new Base(model.untrained(), whole(MINILM_BLOCKS, 0.0003, 0.001)),
                new Effort(1000, 3, 1, PASSES),
                seed -> new Split(train, test, null));
    }

    private TransferTask policy() throws Exception {
        Pair model = models.policy();
        TransferData train = TurnedPolicy.decisions(Path.of(model.trained()), 1200, 5);
        TransferData test = TurnedPolicy.decisions(Path.of(model.trained()), 500, 6);
        return new TransferTask(
                "policy",
                "tensor-classification",
                "Actions with rotated controls (generated)",
                "eight directions to move in, from 21 numbers; a policy trained with the controls before they were rotated",
                "accuracy",
                null,
                List.of(),
                new Base(
                        model.trained(),
                        List.of(TransferSetting.lpFt(1, 0.01, 0.1), TransferSetting.lpFt(1, 0.03, 0.1))),
                new Base(model.untrained(), whole(2, 0.003, 0.01, 0.03)),
                new Effort(1000, 3, 1, PASSES),
                seed -> new Split(train, test, null));
    }

    private static List<TransferSetting> whole(int blocks, double... rates) {
        List<TransferSetting> settings = new ArrayList<>();
        for (double rate : rates) {
            settings.add(TransferSetting.whole(blocks, rate));
        }
        return settings;
    }
}
