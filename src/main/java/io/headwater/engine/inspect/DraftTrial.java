package io.headwater.engine.inspect;

import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.BackboneCut;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.runtime.OnnxBackbone;
import java.util.List;
import onnx.Onnx.ModelProto;

/**
 * Runs a model as a draft describes it.
 *
 * @param model the complete model
 * @param input its input
 * @param cut the tensor of the features
 */
record DraftTrial(ModelProto model, BaseModelInput input, String cut, Pooling pooling) {
    private static final ModelFile NO_FILE = new ModelFile("classpath:none", new Digest("0".repeat(64)));
    private static final int FEWEST_TOKENS = 2;

    /** Returns why the model gives no features; empty if it gives some. */
    String fault() {
        try (OnnxBackbone backbone = open(input)) {
            return backbone.isFinite()
                    ? ""
                    : "the features '" + cut
                            + "' must be finite numbers, but those of a trial input are NaN or infinite; choose another cut";
        } catch (BackboneException | OnnxException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /**
     * Returns the maximum number of tokens that a text model reads.
     *
     * @param positions the number that its file tells; 0 if it tells none
     * @return {@code positions} if the model reads as many as the draft says; otherwise the most with which it runs
     */
    int tokens(int positions) {
        if (!(input instanceof TextInput text) || reads(text, text.maxTokens())) {
            return positions;
        }
        int most = FEWEST_TOKENS;
        int least = text.maxTokens();
        while (least - most > 1) {
            int middle = (most + least) / 2;
            if (reads(text, middle)) {
                most = middle;
            } else {
                least = middle;
            }
        }
        return most;
    }

    private boolean reads(TextInput text, int tokens) {
        try (OnnxBackbone backbone = open(text.withMaxTokens(tokens))) {
            backbone.features(List.of(new ModelInput.Tokens(new long[tokens])));
            return true;
        } catch (NonFiniteFeaturesException e) {
            return true;
        } catch (BackboneException | IllegalArgumentException e) {
            return false;
        }
    }

    private OnnxBackbone open(BaseModelInput of) {
        BaseModelManifest manifest = new BaseModelManifest("draft", "unknown", NO_FILE, of, cut, pooling, false);
        return OnnxBackbone.of(model, manifest, BackboneCut.pooled(cut), Compute.ONE_THREAD);
    }
}
