package io.headwater.standalone.pretrain;

import java.util.List;

/**
 * Predicts the next token at each token of a text (Radford et al. 2018, "Improving language understanding by
 * generative pre-training").
 *
 * @param texts texts as token ids, at least two each
 * @param end id of the token that marks the end of a text
 * @param maxTokens maximum length of a text; a text of this length may have been truncated, so its last token has no
 *     target
 */
record NextTokens(List<int[]> texts, int end, int maxTokens) implements Curriculum {
    @Override
    public int samples() {
        return texts.size();
    }

    @Override
    public Batch.Sample sample(int index, long turn) {
        int[] ids = texts.get(index);
        float[] row = new float[ids.length];
        float[] target = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            row[i] = ids[i];
            target[i] = i + 1 < ids.length ? ids[i + 1] : ids.length < maxTokens ? end : Batch.NOTHING;
        }
        return new Batch.Sample(row, target);
    }

    @Override
    public boolean isLanguage() {
        return true;
    }
}
