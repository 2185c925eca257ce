package io.headwater.standalone.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.ReinforcementConfig;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.ReplayConfig;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.Perceptron;
import io.headwater.engine.family.Perceptron.Activation;
import io.headwater.standalone.play.PolicyTraining.Rule;
import io.headwater.standalone.play.PolicyTraining.Saved;
import io.headwater.standalone.play.Practice.Exploration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyTrainingTest {
    private static final Rule RULE = new Rule(
            0.005,
            2,
            new ReplayConfig(500, 16),
            new ReinforcementConfig(Algorithm.DOUBLE_DQN, 0.9, 2, 10, 1),
            new Exploration(1, 0.1, 15, 4),
            1);

    @Test
    void shouldLearnToLeaveACorridor() {
        try (PolicyTraining training = training(null)) {
            for (int i = 0; i < 40; i++) {
                training.episode();
            }

            assertThat(training.evaluate(3)).isEqualTo(-4);
            assertThat(training.returns()).hasSize(40);
            assertThat(training.returns().subList(0, 5)).anyMatch(total -> total < -10);
        }
    }

    @Test
    void shouldMakeTheSameFileWhenItIsResumed() {
        try (PolicyTraining whole = training(null);
                PolicyTraining first = training(null)) {
            for (int i = 0; i < 8; i++) {
                whole.episode();
            }
            for (int i = 0; i < 5; i++) {
                first.episode();
            }
            try (PolicyTraining second = training(first.save())) {
                for (int i = 0; i < 3; i++) {
                    second.episode();
                }

                assertThat(second.returns()).isEqualTo(whole.returns());
                assertThat(second.file()).isEqualTo(whole.file()).isNotEqualTo(first.file());
                assertThat(second.evaluate(2)).isEqualTo(whole.evaluate(2));
                assertThat(second.save().checkpoint()).isEqualTo(whole.save().checkpoint());
            }
        }
    }

    @Test
    void shouldActAtRandomLessAndLess() {
        Exploration exploration = new Exploration(1, 0.5, 4, 1);

        assertThat(List.of(exploration.share(0), exploration.share(2), exploration.share(4), exploration.share(99)))
                .containsExactly(1.0, 0.75, 0.5, 0.5);
        assertThatThrownBy(() -> new Exploration(1.1, 0, 1, 1)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> new Exploration(1, 0, 1, 0)).hasMessageContaining("seed");
    }

    private static PolicyTraining training(@Nullable Saved resume) {
        FamilyModel model =
                new Perceptron(4, List.of(12, 12), 2, Activation.RELU).model("mlp", "observation", "values", 9);
        return new PolicyTraining(new Corridor(), model, RULE, resume);
    }
}
