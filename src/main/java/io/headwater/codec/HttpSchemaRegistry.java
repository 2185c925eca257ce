package io.headwater.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** A schema registry with the REST interface of Confluent, which Apicurio, Karapace and Redpanda support too. */
public final class HttpSchemaRegistry implements SchemaRegistry {

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int MAX_RESPONSE_BYTES = 1 << 20;
    /** The registry's own code for a schema that it does not have. */
    private static final int SCHEMA_NOT_FOUND = 40403;
    /** Missing or wrong credentials, a time-out and a limit of the rate, which say nothing about a schema. */
    private static final Set<Integer> NOT_ABOUT_THE_REQUEST = Set.of(401, 407, 408, 425, 429);

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryAccess access;
    private final String base;
    private final Duration timeout;
    private final HttpClient client;
    // Only schemas that the registry knows are cached, so records with invalid ids cannot fill these maps.
    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
    private final Map<String, Integer> registered = new ConcurrentHashMap<>();

    /**
     * Creates a client of a registry that needs no authentication.
     *
     * @param url root URL, {@code http} or {@code https}
     * @param timeout timeout of one request, until the whole response has been received
     */
    public HttpSchemaRegistry(URI url, Duration timeout) {
        this(RegistryAccess.of(url.toString()), timeout);
    }

    /**
     * Creates a client of a registry.
     *
     * @param access how it is reached
     * @param timeout timeout of one request, until the whole response has been received
     * @throws IllegalArgumentException when the access is invalid
     */
    public HttpSchemaRegistry(RegistryAccess access, Duration timeout) {
        List<String> faults = access.faults();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("headwater.registry." + String.join("; headwater.registry.", faults));
        }
        this.access = access;
        this.base = access.url().replaceAll("/+$", "");
        this.timeout = timeout;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(timeout);
        RegistryTls.context(access).ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    @Override
    public Outcome<Schema> byId(int id) {
        Schema known = byId.get(id);
        if (known != null) {
            return Outcome.ok(known);
        }
        if (id < 1) {
            return Outcome.rejected(
                    Reason.UNKNOWN_SCHEMA, "schema id must be positive, but is " + id + "; repair the producer");
        }
        Answer answer = ask(id);
        if (answer.errorCode() == SCHEMA_NOT_FOUND) {
            return unknown(id, "does not know it", "register it, or repair the producer");
        }
        if (answer.isRefusal()) {
            return refused(id, answer);
        }
        answer.mustBeOk();
        Optional<byte[]> body = answer.body();
        if (body.isEmpty()) {
            return unknown(id, "answers with more than " + MAX_RESPONSE_BYTES + " bytes", "register a smaller one");
        }
        return parse(id, answer).then(schema -> {
            byId.put(id, schema);
            return Outcome.ok(schema);
        });
    }

    /**
     * Rejects a schema id that the registry refuses, if the registry answers for an id that it must know: then the fault is
     * not in the registry, in what stands before it or in the permissions.
     */
    private Outcome<Schema> refused(int id, Answer answer) {
        Optional<Integer> other = Stream.concat(byId.keySet().stream(), registered.values().stream())
                .findFirst();
        if (other.isEmpty()) {
            throw new RegistryException(
                    "the schema registry at " + answer.uri() + " answered with status " + answer.status()
                            + "; check headwater.registry.url and the registry",
                    null,
                    true);
        }
        Answer known = ask(other.get());
        known.mustBeOk();
        known.schema();
        return unknown(id, "refuses it with status " + answer.status(), "repair the producer");
    }

    private Answer ask(int id) {
        return ask(request("/schemas/ids/" + id).GET().build());
    }

    @Override
    public int register(String subject, Schema schema) {
        Integer known = registered.get(subject);
        if (known != null) {
            return known;
        }
        String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions";
        String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
        HttpRequest request = request(path)
                .header("Content-Type", MEDIA_TYPE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        Answer answer = ask(request);
        answer.mustBeOk();
        JsonNode id = answer.json().path("id");
        if (!id.canConvertToInt()) {
            throw new RegistryException("the schema registry answered " + path + " without a number in 'id'", null);
        }
        registered.put(subject, id.intValue());
        return id.intValue();
    }

    private Outcome<Schema> parse(int id, Answer answer) {
        JsonNode json = answer.schema();
        try {
            String type = json.path("schemaType").asText("AVRO");
            if (!type.equals("AVRO")) {
                return unknown(id, "says that it is of type " + Abbreviation.of(type, 40), "send Avro");
            }
            if (!json.path("references").isEmpty()) {
                return unknown(id, "says that it refers to other subjects", "register it with its types inlined");
            }
            return Outcome.ok(new Schema.Parser().parse(json.path("schema").asText()));
        } catch (RuntimeException | StackOverflowError e) {
            // The parser throws not only its own exceptions, and calls itself for each level of a schema.
            return unknown(id, "answers with something that is no schema", "repair it in the registry");
        }
    }

    private Outcome<Schema> unknown(int id, String what, String remedy) {
        return Outcome.rejected(
                Reason.UNKNOWN_SCHEMA, "schema id " + id + ": the registry " + base + " " + what + "; " + remedy);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .header("Accept", MEDIA_TYPE + ", application/json");
        try {
            access.authorization().ifPresent(value -> request.header("Authorization", value));
        } catch (IllegalArgumentException e) {
            throw new RegistryException(
                    "the schema registry at " + base + " could not be asked: its password or token " + e.getMessage(),
                    e);
        }
        return request;
    }

    private Answer ask(HttpRequest request) {
        CompletableFuture<HttpResponse<Optional<byte[]>>> response =
                client.sendAsync(request, info -> new LimitedBody(MAX_RESPONSE_BYTES));
        try {
            // The timeout of the request covers only the headers; this one also covers the body.
            HttpResponse<Optional<byte[]>> done = response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(request.uri(), done.statusCode(), done.body());
        } catch (TimeoutException e) {
            response.cancel(true);
            throw failure(request.uri(), "did not answer within " + timeout, e);
        } catch (ExecutionException e) {
            throw failure(request.uri(), "could not be asked (" + e.getCause() + ")", e);
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw failure(request.uri(), "was not waited for", e);
        }
    }

    private static RegistryException failure(URI uri, String what, @Nullable Throwable cause) {
        return new RegistryException(
                "the schema registry at " + uri + " " + what + "; check headwater.registry.url and the registry",
                cause);
    }

    /** A response; the body is empty when it is too long. */
    private record Answer(URI uri, int status, Optional<byte[]> body) {

        /** Returns the registry's code of an error; 0 when there is no error, or when it is not the registry's answer. */
        int errorCode() {
            if (status / 100 != 4 || body.isEmpty()) {
                return 0;
            }
            try {
                return JSON.readTree(body.get()).path("error_code").asInt(0);
            } catch (IOException e) {
                // A page of a proxy, for example.
                return 0;
            }
        }

        /** Returns whether the registry itself refuses the request because of its content. */
        boolean isRefusal() {
            return errorCode() != 0 && !NOT_ABOUT_THE_REQUEST.contains(status);
        }

        /**
         * Returns the answer as a registry gives it for a schema.
         *
         * @throws RegistryException when it is something else, such as a page to log in
         */
        JsonNode schema() {
            JsonNode json = json();
            if (!json.path("schema").isTextual()) {
                throw failure(uri, "answered with something that is not the answer of a registry", null);
            }
            return json;
        }

        void mustBeOk() {
            if (status == UNAUTHORIZED || status == FORBIDDEN) {
                throw failure(
                        uri,
                        "answered with status " + status
                                + ": it does not accept the user, token or certificate of this process, or not for"
                                + " this request",
                        null);
            }
            if (status / 100 != 2) {
                throw failure(uri, "answered with status " + status, null);
            }
        }

        JsonNode json() {
            try {
                return JSON.readTree(body.orElseThrow(() -> failure(uri, "answered with too many bytes", null)));
            } catch (JsonProcessingException e) {
                throw failure(uri, "answered with something that is not JSON", e);
            } catch (IOException e) {
                throw failure(uri, "answered with something unreadable", e);
            }
        }
    }
}
