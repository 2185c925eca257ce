package io.headwater.task.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Recognises image formats that are common, but not read, so that people learn what to convert. */
final class OtherFormats {
    private OtherFormats() {}

    /** Returns what {@code file} is, as the end of a sentence: {@code has the signature of none}. */
    static String described(byte[] file) {
        String start = new String(Arrays.copyOf(file, 12), StandardCharsets.ISO_8859_1);
        String brand = start.substring(8);
        String format = "";
        if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
            format = "TIFF";
        } else if (start.startsWith("ftyp", 4)) {
            format = brand.startsWith("avi")
                    ? "AVIF"
                    : brand.startsWith("he") || brand.startsWith("mif") ? "HEIC" : "video";
        } else if (start.startsWith("<svg") || start.startsWith("<?xml")) {
            format = "SVG or XML";
        } else if (start.startsWith("%PDF")) {
            format = "PDF";
        }
        return "has the signature of none"
                + (format.isEmpty() ? "" : ", but that of " + format + "; convert it to PNG or JPEG");
    }
}
