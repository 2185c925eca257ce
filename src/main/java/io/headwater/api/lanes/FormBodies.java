package io.headwater.api.lanes;

import io.headwater.api.http.JsonBodies;
import io.headwater.api.http.NumberArrays;
import io.headwater.api.http.Problem;
import io.headwater.api.lanes.InputBuilder.Input;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Reads the bodies of requests that are forms with files ({@code multipart/form-data}), in memory. */
final class FormBodies {
    private static final int MAX_FIELDS = 16;

    private FormBodies() {}

    /** Reads the body of a request for a prediction; the fields are those of its JSON, and an image or a sound is a file. */
    static Input input(String contentType, byte[] body) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body));
        InputBuilder input = new InputBuilder();
        try {
            request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
            HttpPostMultipartRequestDecoder decoder = new HttpPostMultipartRequestDecoder(
                    new DefaultHttpDataFactory(false), request, StandardCharsets.UTF_8, MAX_FIELDS, Integer.MAX_VALUE);
            try {
                for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
                    if (part instanceof HttpData data) {
                        input.put(part.getName(), field(part.getName(), data));
                    }
                }
            } finally {
                decoder.destroy();
            }
        } catch (Problem.Raised e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The decoder throws exceptions of many kinds at bodies that are none.
            throw Problem.malformed(
                            "the body must be a complete form of at most %d fields, with the boundary that its header names"
                                    .formatted(MAX_FIELDS))
                    .raised();
        }
        return input.build();
    }

    private static Object field(String name, HttpData data) throws IOException {
        return switch (name) {
            case "text", "question", "context", "id" -> utf8(name, data.get());
            case "image", "audio" -> file(name, data);
            case "numbers", "shape" -> numbers(name, data.get());
            case "sampleRate" -> integer(name, utf8(name, data.get()));
            default ->
                throw Problem.malformed("a form has no field '%s'; its fields are %s, but no pair"
                                .formatted(name.substring(0, Math.min(40, name.length())), InputBuilder.FIELDS))
                        .raised();
        };
    }

    private static byte[] file(String name, HttpData data) throws IOException {
        if (data instanceof Attribute) {
            throw Problem.malformed("field '%s' of a form must be a file, with a file name".formatted(name))
                    .raised();
        }
        return data.get();
    }

    private static Object numbers(String name, byte[] text) {
        byte[] object = ("{\"" + name + "\":" + utf8(name, text) + "}").getBytes(StandardCharsets.UTF_8);
        return JsonBodies.object(object, 0, object.length, parser -> {
            parser.nextToken();
            parser.nextToken();
            NumberArrays.Numbers numbers = NumberArrays.read(parser, name);
            parser.nextToken();
            return numbers;
        });
    }

    private static int integer(String name, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Problem.malformed("field '%s' must be an integer".formatted(name))
                    .raised();
        }
    }

    private static String utf8(String name, byte[] bytes) {
        return text("field '" + name + "'", bytes, StandardCharsets.UTF_8);
    }

    /** Returns bytes as text, or refuses them when they are not in {@code charset}. */
    static String text(String what, byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw Problem.malformed("%s must be text in %s, but is not".formatted(what, charset))
                    .raised();
        }
    }
}
