package io.headwater.standalone.pretrain;

import java.util.List;

/**
 * Predicts the next and the previous token at each token of a text (Peters et al. 2018, "Deep contextualized word
 * representations", section 3.1).
 *
 * @param texts texts as token ids, at least two each
 */
record NeighbouringTokens(List<int[]> texts) implements Curriculum {
    @Override
    public int samples() {
        return texts.size();
    }

    @Override
    public Batch.Sample sample(int index, long turn) {
        int[] ids = texts.get(index);
        float[] row = new float[ids.length];
        float[] target = new float[2 * ids.length];
        for (int i = 0; i < ids.length; i++) {
            row[i] = ids[i];
            target[2 * i] = i + 1 < ids.length ? ids[i + 1] : Batch.NOTHING;
            target[2 * i + 1] = i > 0 ? ids[i - 1] : Batch.NOTHING;
        }
        return new Batch.Sample(row, target);
    }

    @Override
    public boolean isLanguage() {
        return true;
    }
}
