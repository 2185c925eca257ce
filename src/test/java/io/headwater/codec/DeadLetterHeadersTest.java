package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLetterHeadersTest {

    private static final DeadLetterHeaders HEADERS = new DeadLetterHeaders(
            new Rejection(Reason.BAD_LABEL, "label 'größe' is not listed"),
            "headwater.samples",
            3,
            42,
            1_700_000_000L,
            "mood");

    @Test
    void shouldReadWhatTheyWrite() {
        assertThat(DeadLetterHeaders.decode(HEADERS.encode())).isEqualTo(HEADERS);
    }

    @Test
    void shouldBeTheFieldsOfTheListingsSchema() {
        assertThat(HEADERS.encode().keySet())
                .containsExactlyElementsOf(SchemaFiles.current("DeadLetter").getFields().stream()
                        .map(field -> "headwater." + field.name())
                        .toList());
    }

    @Test
    void shouldCutALongMessageOutsideSurrogatePairs() {
        Rejection rejection = new Rejection(Reason.MALFORMED, "x" + "😀".repeat(1000));

        String message =
                new DeadLetterHeaders(rejection, "t", 0, 0, 0, "").rejection().message();

        assertThat(message).hasSizeLessThanOrEqualTo(1000).endsWith("😀…");
    }

    @Test
    void shouldNameTheHeaderThatIsMissingOrUnreadable() {
        Map<String, byte[]> headers = new HashMap<>(HEADERS.encode());
        headers.put(DeadLetterHeaders.OFFSET, new byte[] {'x'});
        assertThatThrownBy(() -> DeadLetterHeaders.decode(headers)).isInstanceOf(CodecException.class);

        headers.remove(DeadLetterHeaders.OFFSET);
        assertThatThrownBy(() -> DeadLetterHeaders.decode(headers))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("headwater.offset");
    }
}
