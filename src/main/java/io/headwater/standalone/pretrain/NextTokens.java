package io.headwater.standalone.pretrain;

import java.util.List;

/**
 * At each token the next one to guess (Radford et al. 2018, "Improving language understanding by generative pre-training").
 *
 * @param texts as token ids, at least two each
 * @param end the id that follows a text
 * @param maxTokens texts of so many may have been cut off, and then nothing follows
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
