package io.headwater.subscriber;

import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import java.nio.file.Path;

/** An application that predicts: an adaptation's file, a store, brokers, a prefix of topics, and a text. */
public final class SubscribingMain {
    private SubscribingMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (ModelSubscriber model = ModelSubscriber.builder()
                .adaptation(Path.of(arguments[0]))
                .store(Path.of(arguments[1]))
                .bootstrapServers(arguments[2])
                .topicsPrefix(arguments[3])
                .domain("shop")
                .build()) {
            Prediction prediction = model.predict(new Payload.Text(arguments[4]));
            System.out.println(
                    prediction.label() + " by version " + prediction.version().number());
        }
    }
}
