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
 * Derives the structure of a model from names. The name of a node is used if it is a path ({@code
 * /encoder/layer.5/output/dense/MatMul}), otherwise the name of its parameter ({@code
 * encoder.layer.5.output.dense.bias}); both are converted to the same words separated by dots.
 */
final class BlockNames {
    // A number at the end of a word and any numbers that follow it: matches in layer4.1, but not the 2 of conv2d.
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)*(?![A-Za-z0-9])");
    private static final Pattern ANONYMOUS = Pattern.compile("\\d*|onnx::.*");
    private static final String SEPARATORS = "._";

    private BlockNames() {}

    /** The place of a node with a parameter, as words separated by dots; empty if no name tells. */
    static Optional<String> place(NodeProto node, String parameter) {
        String path = path(node.getName());
        if (!path.isEmpty()) {
            return Optional.of(path);
        }
        return ANONYMOUS.matcher(parameter).matches() ? Optional.empty() : Optional.of(parameter.replace('/', '.'));
    }

    /** A node's path without its last word; empty if the name is not a path. */
    private static String path(String name) {
        List<String> words = new ArrayList<>(List.of(name.split("/")));
        words.removeIf(String::isEmpty);
        if (words.size() < 2) {
            return "";
        }
        words.remove(words.size() - 1);
        // PyTorch repeats the name of a list in the names of its members: layer4/layer4.1.
        for (int i = words.size() - 2; i >= 0; i--) {
            if (words.get(i + 1).startsWith(words.get(i) + ".")) {
                words.remove(i);
            }
        }
        return String.join(".", words);
    }

    /** The common prefix of all places up to a separator, which does not help to distinguish blocks. */
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

    /** The block of a place: the part after {@code prefix} up to and including its first number, or its first word. */
    static String block(String place, String prefix) {
        String rest = place.substring(prefix.length());
        Matcher number = NUMBER.matcher(rest);
        if (number.find()) {
            return prefix + rest.substring(0, number.end());
        }
        int dot = rest.indexOf('.');
        return prefix + (dot < 0 ? rest : rest.substring(0, dot));
    }

    /** One name for blocks that belong together: their common prefix, or the first name if there is none. */
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
