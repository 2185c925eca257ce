package io.headwater.standalone.pretrain;

import io.headwater.engine.SplitMix64;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Predicts masked tokens from both sides (Devlin et al. 2019, "BERT", section 3.1): 15 % of the tokens of a text, at
 * least one, are targets; of these 80 % are masked, 10 % replaced with a random token, and 10 % left unchanged.
 *
 * @param texts texts as token ids, including special tokens; each has at least one other token
 * @param specials ids below this are special tokens and never targets
 * @param mask id of the mask token
 * @param vocabulary size of the vocabulary
 * @param seed seed of the masking
 */
record MaskedTokens(List<int[]> texts, int specials, int mask, int vocabulary, long seed) implements Curriculum {
    private static final double GUESSED = 0.15;

    @Override
    public int samples() {
        return texts.size();
    }

    @Override
    public Batch.Sample sample(int index, long turn) {
        int[] ids = texts.get(index);
        float[] row = new float[ids.length];
        float[] target = new float[ids.length];
        Arrays.fill(target, Batch.NOTHING);
        for (int i = 0; i < ids.length; i++) {
            row[i] = ids[i];
        }
        int[] places = IntStream.range(0, ids.length)
                .filter(place -> ids[place] >= specials)
                .toArray();
        SplitMix64 random = new SplitMix64(seed, turn);
        int guessed = Math.max(1, (int) Math.round(GUESSED * places.length));
        for (int i = 0; i < guessed; i++) {
            int other = i + random.nextInt(places.length - i);
            int place = places[other];
            places[other] = places[i];
            target[place] = ids[place];
            int kind = random.nextInt(10);
            if (kind < 8) {
                row[place] = mask;
            } else if (kind == 8) {
                row[place] = specials + random.nextInt(vocabulary - specials);
            }
        }
        return new Batch.Sample(row, target);
    }

    @Override
    public boolean isLanguage() {
        return true;
    }
}
