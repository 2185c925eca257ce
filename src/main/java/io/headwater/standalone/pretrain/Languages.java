package io.headwater.standalone.pretrain;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.RecurrentLanguage;
import io.headwater.engine.family.Transformer;
import io.headwater.standalone.data.Corpus;
import io.headwater.task.text.TokenIds;
import io.headwater.task.text.VocabularyTrainer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Prepares the pretraining of language models on unlabelled texts. */
public final class Languages {
    /** Ids below this are special tokens in WordPiece vocabularies. */
    private static final int SPECIALS = 5;

    private static final int MASK = 4;
    private static final int END = 1;

    private final Corpus corpus;
    private final Sizes sizes;
    private final long seed;

    /**
     * The size of a language model.
     *
     * @param layers number of layers
     * @param width size of the hidden states
     * @param heads number of attention heads; 0 for a model without attention
     * @param vocabulary maximum size of the vocabulary
     * @param maxTokens maximum number of tokens in a text; longer texts are truncated
     */
    public record Sizes(int layers, int width, int heads, int vocabulary, int maxTokens) {
        SortedMap<String, String> named() {
            SortedMap<String, String> named = new TreeMap<>();
            named.put("layers", Integer.toString(layers));
            named.put("width", Integer.toString(width));
            named.put("heads", Integer.toString(heads));
            named.put("vocabulary", Integer.toString(vocabulary));
            named.put("max-tokens", Integer.toString(maxTokens));
            return named;
        }
    }

    private Languages(Corpus corpus, Sizes sizes, long seed) {
        this.corpus = corpus;
        this.sizes = sizes;
        this.seed = seed;
    }

    /**
     * Prepares a BERT that predicts masked tokens; its features are the mean over the tokens.
     *
     * @param seed seed of the initial weights and of the masking; not 0
     */
    public static Subject bert(Corpus corpus, Sizes sizes, long seed) {
        Languages of = new Languages(corpus, sizes, seed);
        byte[] tokenizer = VocabularyTrainer.wordPiece(corpus.texts(), sizes.vocabulary());
        int vocabulary = VocabularyTrainer.size(tokenizer);
        FamilyModel model = of.transformer(vocabulary).bert(seed);
        List<int[]> texts = of.texts(tokenizer, ids -> Arrays.stream(ids).anyMatch(id -> id >= SPECIALS));
        Curriculum curriculum = new MaskedTokens(texts, SPECIALS, MASK, vocabulary, seed);
        return of.subject(model, curriculum, 1, vocabulary, tokenizer, Pooling.MEAN);
    }

    /**
     * Prepares an ELMo that predicts the tokens beside each token; its features are the mean over the tokens of its
     * last layer.
     *
     * @param seed seed of the initial weights; not 0
     */
    public static Subject elmo(Corpus corpus, Sizes sizes, long seed) {
        Languages of = new Languages(corpus, sizes, seed);
        byte[] tokenizer = VocabularyTrainer.wordPiece(corpus.texts(), sizes.vocabulary());
        int vocabulary = VocabularyTrainer.size(tokenizer);
        FamilyModel model = new RecurrentLanguage(sizes.layers(), sizes.width(), vocabulary).elmo(seed);
        List<int[]> texts = of.texts(tokenizer, ids -> Arrays.stream(ids).anyMatch(id -> id >= SPECIALS));
        return of.subject(model, new NeighbouringTokens(texts), 2, vocabulary, tokenizer, Pooling.MEAN);
    }

    /**
     * Prepares a GPT that predicts the next token; its features are those of the last token.
     *
     * @param seed seed of the initial weights; not 0
     */
    public static Subject gpt(Corpus corpus, Sizes sizes, long seed) {
        Languages of = new Languages(corpus, sizes, seed);
        byte[] tokenizer = VocabularyTrainer.byteLevel(corpus.texts(), sizes.vocabulary());
        int vocabulary = VocabularyTrainer.size(tokenizer);
        FamilyModel model = of.transformer(vocabulary).gpt(seed);
        List<int[]> texts = of.texts(tokenizer, ids -> ids.length > 1);
        Curriculum curriculum = new NextTokens(texts, END, sizes.maxTokens());
        return of.subject(model, curriculum, 1, vocabulary, tokenizer, Pooling.LAST);
    }

    private Transformer transformer(int vocabulary) {
        return new Transformer(sizes.layers(), sizes.width(), sizes.heads(), vocabulary, sizes.maxTokens());
    }

    /** Selects the texts that have at least one target. */
    private interface Teaching {
        boolean test(int[] ids);
    }

    private List<int[]> texts(byte[] tokenizer, Teaching teaches) {
        List<int[]> texts = new ArrayList<>();
        try (TokenIds ids = TokenIds.of(tokenizer, sizes.maxTokens())) {
            for (String text : corpus.texts()) {
                int[] of = ids.of(text);
                if (teaches.test(of)) {
                    texts.add(of);
                }
            }
        }
        return texts;
    }

    private Subject subject(
            FamilyModel model, Curriculum curriculum, int answers, int vocabulary, byte[] tokenizer, Pooling pooling) {
        return new Subject(
                model,
                curriculum,
                answers,
                vocabulary,
                true,
                sizes.named(),
                digest(),
                corpus.faults(),
                tokenizer,
                (name, licence, file, json) -> new BaseModelManifest(
                        name,
                        licence,
                        model.family(),
                        file,
                        List.of(),
                        input(json),
                        model.features(),
                        model.blocks(),
                        pooling,
                        false));
    }

    private TextInput input(ModelFile tokenizer) {
        return new TextInput(tokenizer, sizes.maxTokens(), Transformer.IDS, Transformer.MASK, "");
    }

    private Digest digest() {
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        for (String text : corpus.texts()) {
            digests.writeBytes(
                    Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().getBytes(StandardCharsets.US_ASCII));
        }
        return Digest.of(digests.toByteArray());
    }
}
