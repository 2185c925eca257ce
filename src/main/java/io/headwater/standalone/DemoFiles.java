package io.headwater.standalone;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Payload;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Item;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The adaptation of the demo and its messages, which are part of the build. */
final class DemoFiles {
    private static final String ADAPTATION = "demo.yaml";

    private DemoFiles() {}

    static AdaptationConfig adaptation() throws IOException {
        try (InputStream in = open(ADAPTATION)) {
            return AdaptationFile.parse(ADAPTATION, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Returns the messages of a domain with their labels, in a fixed order. */
    static List<Item> messages(String domain) throws IOException {
        try (InputStream in = open(domain + ".tsv")) {
            return Dataset.texts(domain, in).items();
        }
    }

    /** Returns the text of a message. */
    static String text(Item message) {
        return ((Payload.Text) message.payload()).text();
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = DemoFiles.class.getResourceAsStream("/demo/" + name);
        if (in == null) {
            throw new IOException("resource /demo/" + name + " is missing from the build");
        }
        return in;
    }
}
