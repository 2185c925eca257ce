package io.headwater.page;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The templates of the page. Whatever they insert is escaped: names, labels and texts are those of strangers. */
final class Templates {
    private static final Variant HTML = Variant.forContentType(Variant.TEXT_HTML);

    private final Engine engine = Engine.builder()
            .addDefaults()
            .addValueResolver(new ReflectionValueResolver())
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .addLocator(Templates::locate)
            .build();

    private static Optional<TemplateLocation> locate(String name) {
        if (Templates.class.getResource(path(name)) == null) {
            return Optional.empty();
        }
        return Optional.of(new TemplateLocation() {
            @Override
            public Reader read() {
                return new InputStreamReader(resource(path(name)), StandardCharsets.UTF_8);
            }

            @Override
            public Optional<Variant> getVariant() {
                return Optional.of(HTML);
            }
        });
    }

    private static String path(String name) {
        return "/page/" + name + ".html";
    }

    /** Opens a file of this program. */
    static InputStream resource(String path) {
        InputStream stream = Templates.class.getResourceAsStream(path);
        if (stream == null) {
            throw new IllegalStateException("this program must contain the file '" + path + "', but does not");
        }
        return stream;
    }

    static byte[] bytes(String path) {
        try (InputStream stream = resource(path)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Renders a template with values, each of which may be null. */
    String render(String name, Map<String, @Nullable Object> values) {
        Template template = engine.getTemplate(name);
        if (template == null) {
            throw new IllegalStateException("there is no template '" + name + "'");
        }
        return template.render(values);
    }
}
