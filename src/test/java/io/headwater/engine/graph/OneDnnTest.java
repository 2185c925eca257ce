package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.BackboneException;
import io.headwater.engine.device.EngineBuild;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

class OneDnnTest {

    @Test
    void shouldTakeOnlyLayersThatAreProven() {
        assertThat(OneDnn.isProven(new ConvolutionLayer.Builder(3, 3).nOut(2).build()))
                .isTrue();
        assertThat(OneDnn.isProven(new OutputLayer.Builder()
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build()))
                .isTrue();
        assertThat(OneDnn.isProven(new ConvolutionLayer.Builder(3, 3)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build()))
                .isFalse();
        assertThat(OneDnn.isProven(new ActivationLayer(Activation.SOFTMAX))).isFalse();
        assertThat(OneDnn.isProven(new LSTM.Builder().nOut(2).build())).isFalse();
        assertThat(OneDnn.isProven(new LocalResponseNormalization())).isFalse();
    }

    @Test
    void shouldRefuseOthersWhereTheBuildHasOneDnn() {
        LSTM layer = new LSTM.Builder().nOut(2).build();

        if (EngineBuild.current().oneDnn()) {
            assertThatThrownBy(() -> OneDnn.requireProven("memory", layer))
                    .isInstanceOf(BackboneException.class)
                    .hasMessageContaining("layer 'memory' is a LSTM")
                    .hasMessageContaining("-Ponednn");
        } else {
            assertThatCode(() -> OneDnn.requireProven("memory", layer)).doesNotThrowAnyException();
        }
    }
}
