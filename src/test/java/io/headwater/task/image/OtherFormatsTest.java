package io.headwater.task.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Outcome;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherFormatsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "____ftypheic____ | HEIC",
                "____ftypavif____ | AVIF",
                "%PDF-1.7 | PDF",
                "<svg xmlns= | SVG",
            })
    void shouldNameTheFormatOfAnImageThatIsNotRead(String start, String format) {
        assertThat(message(start)).contains(format, "convert it to PNG or JPEG");
    }

    @Test
    void shouldRefuseEverythingElse() {
        assertThat(message("")).contains("signature of none");
        assertThat(message("hello, this is a text")).contains("signature of none");
    }

    private static String message(String file) {
        Outcome<RgbPlanes> outcome = new ImageDecoder(8, 8, 1000).decode(file.getBytes(StandardCharsets.ISO_8859_1));
        return ((Outcome.Rejected<RgbPlanes>) outcome).rejection().message();
    }
}
