package io.headwater.engine.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import onnx.Onnx.NodeProto;

/**
 * What names say of the structure of a model. A node's name is taken where it is a path ({@code
 * /encoder/layer.5/output/dense/MatMul}), else the name of its parameter ({@code encoder.layer.5.output.dense.bias});
 * both become the same words with dots between.
 */
final class BlockNames {
    // A number at the end of a word, and those after it: layer4.1, but not the 2 of conv2d.
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)*(?![A-Za-z0-9])");
    private static final Pattern ANONYMOUS = Pattern.compile("\\d*|onnx::.*");
    private static final String SEPARATORS = "._";

    private BlockNames() {}

    /** Where a node with a parameter belongs, as words with dots between; empty when no name says. */
    static Optional<String> place(NodeProto node, String parameter) {
        String path = path(node.getName());
        if (!path.isEmpty()) {
            return Optional.of(path);
        }
        return ANONYMOUS.matcher(parameter).matches() ? Optional.empty() : Optional.of(parameter.replace('/', '.'));
    }

    /** A node's path without its own last word; empty when it has none. */
    private static String path(String name) {
        List<String> words = new ArrayList<>(List.of(name.split("/")));
        words.removeIf(String::isEmpty);
        if (words.size() < 2) {
            return "";
        }
        words.remove(words.size() - 1);
        // PyTorch repeats the name of a list in those of its members: layer4/layer4.1.
        for (int i = words.size() - 2; i >= 0; i--) {
            if (words.get(i + 1).startsWith(words.get(i) + ".")) {
                words.remove(i);
            }
        }
        return String.join(".", words);
    }

    /** What all places begin with, up to a separator; it tells blocks not apart. */
    static String prefix(Collection<String> places) {
        if (places.isEmpty()) {
            return "";
        }
        String common = common(places);
        int end = common.length();
        while (end > 0 && SEPARATORS.indexOf(common.charAt(end - 1)) < 0) {
            end--;
        }
        return common.substring(0, end);
    }

    /** The block of a place: up to and with its first number, else its first word; after {@code prefix}. */
    static String block(String place, String prefix) {
        String rest = place.substring(prefix.length());
        Matcher number = NUMBER.matcher(rest);
        if (number.find()) {
            return prefix + rest.substring(0, number.end());
        }
        int dot = rest.indexOf('.');
        return prefix + (dot < 0 ? rest : rest.substring(0, dot));
    }

    /** One name for blocks that belong together: what they have in common, else the first. */
    static String together(Collection<String> blocks) {
        String common = common(blocks);
        int end = common.length();
        while (end > 0 && SEPARATORS.indexOf(common.charAt(end - 1)) >= 0) {
            end--;
        }
        return end == 0 ? blocks.iterator().next() : common.substring(0, end);
    }

    private static String common(Collection<String> names) {
        Iterator<String> all = names.iterator();
        String common = all.next();
        while (all.hasNext()) {
            String next = all.next();
            int length = 0;
            while (length < Math.min(common.length(), next.length()) && common.charAt(length) == next.charAt(length)) {
                length++;
            }
            common = common.substring(0, length);
        }
        return common;
    }
}
