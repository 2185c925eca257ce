package io.headwater.task.text;

import io.headwater.config.TextInput;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.graph.layer.GraphException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a text model on what a text may become in the worst case: as many tokens as the manifest allows, each with the
 * largest id of the tokenizer.
 *
 * @param text the input of the model
 * @param largestId the largest token id of its tokenizer
 * @param backbone the model
 */
public record TextModelTrial(TextInput text, long largestId, Backbone backbone) {

    /** @throws IllegalArgumentException when the model cannot read such a text; the message tells what to correct */
    public void check() {
        String fault = fault(text.maxTokens(), largestId);
        if (fault == null) {
            return;
        }
        if (fault(text.maxTokens(), 0) == null) {
            throw new IllegalArgumentException("the model must have a row for every token of its tokenizer '"
                    + text.tokenizer().location() + "', whose largest id is " + largestId + ", but it fails on it: "
                    + fault + "; give the tokenizer that the model was trained with");
        }
        int longest = longest();
        throw new IllegalArgumentException(
                longest == 0
                        ? "the model fails on texts of any length: " + fault
                        : "input.max-tokens must be a number of tokens that the model can read, such as " + longest
                                + ", but is " + text.maxTokens() + ", on which it fails: " + fault + "; correct it");
    }

    /** Returns a number of tokens that the model reads, close to the largest one; 0 if it reads none. */
    private int longest() {
        int most = 0;
        int least = text.maxTokens();
        while (least - most > 1) {
            int middle = (most + least) / 2;
            if (fault(middle, 0) == null) {
                most = middle;
            } else {
                least = middle;
            }
        }
        return most;
    }

    private @Nullable String fault(int tokens, long id) {
        long[] ids = new long[tokens];
        Arrays.fill(ids, id);
        try {
            backbone.features(List.of(new ModelInput.Tokens(ids)));
            return null;
        } catch (NonFiniteFeaturesException e) {
            // A text of one repeated token may have no features although all others do.
            return null;
        } catch (BackboneException | GraphException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
