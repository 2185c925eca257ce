package io.headwater.task.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * BERT's uncased tokenizer (Devlin et al. 2018) written from its description, to hold the library's against: clean,
 * space out Chinese characters, strip accents, lower-case, split at spaces and punctuation, longest match first.
 */
final class ReferenceWordPiece {
    private final Map<String, Long> vocabulary = new HashMap<>();
    private final int maxTokens;

    ReferenceWordPiece(byte[] tokenizerJson, int maxTokens) throws IOException {
        JsonNode vocab = new ObjectMapper().readTree(tokenizerJson).at("/model/vocab");
        vocab.fields()
                .forEachRemaining(e -> vocabulary.put(e.getKey(), e.getValue().longValue()));
        this.maxTokens = maxTokens;
    }

    long[] ids(String text) {
        List<Long> pieces = new ArrayList<>();
        for (String word : words(normalise(text))) {
            pieces.addAll(pieces(word));
        }
        List<Long> ids = new ArrayList<>(List.of(id("[CLS]")));
        ids.addAll(pieces.subList(0, Math.min(pieces.size(), maxTokens - 2)));
        ids.add(id("[SEP]"));
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    private static String normalise(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == 0xfffd || isControl(c)) {
                return;
            }
            if (isSpace(c)) {
                clean.append(' ');
            } else if (isChinese(c)) {
                clean.append(' ').appendCodePoint(c).append(' ');
            } else {
                clean.appendCodePoint(c);
            }
        });
        StringBuilder plain = new StringBuilder();
        Normalizer.normalize(clean, Normalizer.Form.NFD).codePoints().forEach(c -> {
            if (Character.getType(c) != Character.NON_SPACING_MARK) {
                plain.append(Character.toString(c).toLowerCase(Locale.ROOT));
            }
        });
        return plain.toString();
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean punctuation = isPunctuation(c);
            if ((punctuation || isSpace(c)) && word.length() > 0) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (punctuation) {
                words.add(Character.toString(c));
            } else if (!isSpace(c)) {
                word.appendCodePoint(c);
            }
        });
        if (word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }

    private List<Long> pieces(String word) {
        int[] points = word.codePoints().toArray();
        List<Long> unknown = List.of(id("[UNK]"));
        if (points.length > 100) {
            return unknown;
        }
        List<Long> pieces = new ArrayList<>();
        int from = 0;
        while (from < points.length) {
            int to = points.length;
            while (to > from && !vocabulary.containsKey(piece(points, from, to))) {
                to--;
            }
            if (to == from) {
                return unknown;
            }
            pieces.add(id(piece(points, from, to)));
            from = to;
        }
        return pieces;
    }

    private static String piece(int[] points, int from, int to) {
        return (from > 0 ? "##" : "") + new String(points, from, to - from);
    }

    private long id(String token) {
        Long id = vocabulary.get(token);
        if (id == null) {
            throw new IllegalStateException("no token " + token);
        }
        return id;
    }

    private static boolean isSpace(int c) {
        return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
    }

    private static boolean isControl(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL && !isSpace(c) || type == Character.FORMAT || type == Character.PRIVATE_USE;
    }

    private static boolean isPunctuation(int c) {
        boolean ascii = c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
        return ascii
                || switch (Character.getType(c)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION -> true;
                    default -> false;
                };
    }

    private static boolean isChinese(int c) {
        return c >= 0x4e00 && c <= 0x9fff
                || c >= 0x3400 && c <= 0x4dbf
                || c >= 0x20000 && c <= 0x2a6df
                || c >= 0x2a700 && c <= 0x2b73f
                || c >= 0x2b740 && c <= 0x2b81f
                || c >= 0x2b820 && c <= 0x2ceaf
                || c >= 0xf900 && c <= 0xfaff
                || c >= 0x2f800 && c <= 0x2fa1f;
    }
}
