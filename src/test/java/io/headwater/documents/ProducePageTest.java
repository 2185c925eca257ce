package io.headwater.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other programs copy from the page about their records is right. */
class ProducePageTest {
    private static final Path PAGE = Path.of("docs/produce.md");
    private static final Pattern RECORD = Pattern.compile("(?s)```hex\n(.+?)```");
    /** Pairs of digits at the beginning of a line, up to two spaces. */
    private static final Pattern BYTES = Pattern.compile("(?m)^(?:[0-9A-F]{2} )+");

    @ParameterizedTest
    @CsvSource({"Sample, samples", "Request, requests", "LateLabel, labels"})
    void shouldNameTheFirstBytesOfEachValue(String record, String topic) throws Exception {
        assertThat(Files.readString(PAGE))
                .contains("| [%1$s](../schemas/released/0.1.0/%1$s.avsc) | `headwater.%2$s` | `%3$s` |\n"
                        .formatted(
                                record,
                                topic,
                                HexFormat.ofDelimiter(" ").withUpperCase().formatHex(header(record))));
    }

    @Test
    void shouldHaveThemInTheProgramThatCannotComputeThem() throws Exception {
        assertThat(Files.readString(Path.of("docs/examples/sample_producer.py")))
                .contains("HEADER = bytes.fromhex(\"%s\")\n"
                        .formatted(HexFormat.of().formatHex(header("Sample"))));
    }

    @Test
    void shouldShowARecordThatHeadwaterReadsAndWrites() throws Exception {
        MatchResult shown =
                RECORD.matcher(Files.readString(PAGE)).results().findFirst().orElseThrow();
        String digits = BYTES.matcher(shown.group(1))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining())
                .replace(" ", "");
        byte[] value = HexFormat.of().parseHex(digits);
        Sample sample = new Sample(
                "mail-4711",
                new Payload.Text("The rear wheel wobbles since Tuesday."),
                new Label.ClassLabel("crew"),
                Instant.parse("2026-11-30T12:00:00Z"));
        Codec codec = new Codec(1 << 20);

        assertThat(codec.decodeOrThrow(EventType.SAMPLE, value)).isEqualTo(sample);
        assertThat(codec.encode(EventType.SAMPLE, sample)).isEqualTo(value);
    }

    private static byte[] header(String record) throws IOException, NoSuchAlgorithmException {
        Schema schema = new Schema.Parser()
                .parse(Path.of("schemas/released/0.1.0", record + ".avsc").toFile());
        byte[] fingerprint = SchemaNormalization.parsingFingerprint("CRC-64-AVRO", schema);
        byte[] header = new byte[2 + fingerprint.length];
        header[0] = (byte) 0xC3;
        header[1] = 1;
        System.arraycopy(fingerprint, 0, header, 2, fingerprint.length);
        return header;
    }
}
