package io.headwater.standalone.pretrain;

import io.headwater.engine.SplitMix64;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tokens to guess from all around them (Devlin et al. 2019, "BERT", section 3.1): of the tokens of a text 15 % are to be
 * guessed, at least one; of these 80 % are hidden, 10 % become any token, 10 % stay as they are.
 *
 * @param texts as token ids, special tokens included; each has at least one other
 * @param specials ids below this are special and never guessed
 * @param mask the id that hides a token
 * @param vocabulary how many ids there are
 * @param seed of what is chosen
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
