package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.headwater.codec.RegistryAccess.Store;
import io.headwater.config.HeadwaterConfig.SubjectNaming;
import io.headwater.domain.Digest;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reaches registries that want to know who asks, over HTTP and TLS. */
@Timeout(300)
class RegistryAccessTest {
    private static final String SECRET = "geheim-42";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Sample SAMPLE =
            new Sample("s", new Payload.Text("hello"), new Label.ClassLabel("greeting"), Instant.EPOCH);

    /** The path of a POST request begins so. */
    private static final String SUBJECTS = "/subjects/";

    @TempDir
    private static Path keys;

    private static Path serverStore;
    private static Path clientStore;

    @TempDir
    private Path folder;

    private final List<String> subjects = new CopyOnWriteArrayList<>();
    private volatile String accepted = "";
    private @Nullable HttpServer server;

    @BeforeAll
    static void makeKeys() throws Exception {
        TestKeys made = new TestKeys(keys);
        serverStore = made.store("server");
        clientStore = made.store("client");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void shouldNameItsUser() throws IOException {
        accepted = "Basic " + Base64.getEncoder().encodeToString(("änn:" + SECRET).getBytes(StandardCharsets.UTF_8));
        String url = startHttp();

        assertThat(registered(user(url, "änn", new SecretSource(SECRET, null)))).isTrue();
        Path file = Files.writeString(folder.resolve("password"), SECRET + "\n");
        assertThat(registered(user(url, "änn", new SecretSource(null, file)))).isTrue();
    }

    @Test
    void shouldSayThatItIsNotAcceptedWithoutTheSecret() throws IOException {
        accepted = "another";
        String url = startHttp();

        assertThatThrownBy(() -> registered(user(url, "ann", new SecretSource(SECRET, null))))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("status 401", "does not accept the user, token or certificate")
                .hasMessageNotContaining(SECRET);
    }

    /** Tokens expire, and what gives them to a process replaces the file. */
    @Test
    void shouldReadATokenAgainThatIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "first");
        HttpSchemaRegistry registry =
                new HttpSchemaRegistry(token(startHttp(), new SecretSource(null, file)), PATIENCE);
        accepted = "Bearer first";
        assertThat(registry.register("one", EventType.SAMPLE.schema())).isEqualTo(257);

        accepted = "Bearer second";
        Files.writeString(file, "second\n");
        assertThat(registry.register("two", EventType.SAMPLE.schema())).isEqualTo(257);

        Files.writeString(file, SECRET + "\n" + SECRET);
        assertThatThrownBy(() -> registry.register("three", EventType.SAMPLE.schema()))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("its password or token must be one line", "token")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void shouldTrustTheAuthorityThatIsNamed() throws Exception {
        String url = startHttps(false);
        Path pem = Files.writeString(folder.resolve("ca.pem"), "a comment\n" + TestKeys.certificate(serverStore));

        assertThat(registered(tls(url, new Store(pem, null), null, null))).isTrue();
        assertThat(registered(tls(url, store(serverStore), null, null))).isTrue();
        assertThatThrownBy(() -> registered(RegistryAccess.of(url)))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("could not be asked");
        Path other = Files.writeString(folder.resolve("other.pem"), TestKeys.certificate(clientStore));
        assertThatThrownBy(() -> registered(tls(url, new Store(other, null), null, null)))
                .isInstanceOf(RegistryException.class);
    }

    @Test
    void shouldShowItsCertificate() throws Exception {
        String url = startHttps(true);
        Store trusted = store(serverStore);
        Path certificate = Files.writeString(folder.resolve("tls.crt"), TestKeys.certificate(clientStore));
        Path key = Files.writeString(folder.resolve("tls.key"), TestKeys.key(clientStore));
        Path both = Files.writeString(
                folder.resolve("both.pem"), TestKeys.key(clientStore) + TestKeys.certificate(clientStore));

        assertThat(registered(tls(url, trusted, store(clientStore), null))).isTrue();
        assertThat(registered(tls(url, trusted, new Store(both, null), null))).isTrue();
        assertThat(registered(tls(url, trusted, new Store(certificate, null), key)))
                .isTrue();
        assertThatThrownBy(() -> registered(tls(url, trusted, null, null))).isInstanceOf(RegistryException.class);
    }

    /** A key that was made with {@code openssl genpkey} and encrypted with {@code openssl pkcs8 -topk8}. */
    @Test
    void shouldOpenAnEncryptedKey() throws Exception {
        byte[] encrypted = Base64.getDecoder()
                .decode("MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiNoo7E0iXfZwICCAAw"
                        + "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEJ1fuRpc28nNntHyRNsyiDYEgZC0"
                        + "sIy6SgB7zaUhm92b5FjkRb0wPjL6W5LPkaYTdctDEI2njHpYtOGDwSjCzk3ZeRIk"
                        + "pKeX0n51lTb0IQ5JUKf9OFEK0kRgFb7lpbbfDXIoQPExcbrTijUphNZy/81yWtEk"
                        + "8MQVBAyP3mOSDb0Ua3VCpgn15PohdC/Hp6Zc3knv3DmrWl50HZMx4JWvYpQzOZY=");
        PemFile file = new PemFile(TestKeys.pem("ENCRYPTED PRIVATE KEY", encrypted));

        assertThat(file.privateKey("a-key-password".toCharArray()).getAlgorithm())
                .isEqualTo("EC");
        assertThatThrownBy(() -> file.privateKey("another".toCharArray())).isInstanceOf(GeneralSecurityException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "RECORD, io.headwater.events.Sample, io.headwater.events.DriftSignal, io.headwater.events.Serving",
        "TOPIC, acme.samples-value, acme.evaluations-io.headwater.events.DriftSignal, acme.serving-value",
        "TOPIC_RECORD, acme.samples-io.headwater.events.Sample, acme.evaluations-io.headwater.events.DriftSignal,"
                + " acme.serving-io.headwater.events.Serving"
    })
    void shouldNameSubjectsByTheStrategy(SubjectNaming naming, String sample, String drift, String serving)
            throws IOException {
        HttpSchemaRegistry registry = new HttpSchemaRegistry(RegistryAccess.of(startHttp()), PATIENCE);
        Codec codec = new Codec(10_000, registry, new SubjectNames(naming, "acme."));
        Lane lane = new Lane("reviews", "shop");
        VersionRef version = new VersionRef(lane, 1, Digest.of(new byte[0]), Digest.of(new byte[0]));

        codec.encode(EventType.SAMPLE, SAMPLE);
        codec.encode(
                EventType.DRIFT_SIGNAL,
                new DriftSignal(lane, "adwin", DriftSignal.Level.DRIFT, "error", 0.2, 0.1, 1, Instant.EPOCH));
        codec.encode(
                EventType.SERVING, new Serving(version, null, Serving.DecidedBy.GATE, "first", false, Instant.EPOCH));

        assertThat(subjects).containsExactly(sample, drift, serving);
    }

    @Test
    void shouldNameAllFaultsAtOnceWithoutSecrets() throws Exception {
        Path notPem = Files.writeString(folder.resolve("not.pem"), SECRET);
        Path keyOnly = Files.writeString(folder.resolve("key.pem"), TestKeys.key(clientStore));
        RegistryAccess access = new RegistryAccess(
                "ftp://ann:" + SECRET + "/x@registry",
                SubjectNaming.RECORD,
                "an:n",
                new SecretSource(null, folder.resolve("absent")),
                new SecretSource(SECRET + "\n", null),
                new Store(notPem, new SecretSource(SECRET, null)),
                new Store(serverStore, new SecretSource(SECRET, null)),
                keyOnly);

        assertThat(String.join("\n", access.faults()))
                .contains("url must begin with http:// or https:// and hold no user or password, but is"
                        + " 'ftp://***@registry'")
                .contains("user must not be empty or contain ':'")
                .contains("token must not be set together with user")
                .contains("password cannot be read (NoSuchFileException) (file '" + folder.resolve("absent") + "')")
                .contains("token must be one line without control characters")
                .contains("truststore needs a url that begins with https://")
                .contains("truststore must be a file in PEM, or a key store", notPem.toString())
                .contains("keystore must be in PEM if a key is set", serverStore.toString())
                .doesNotContain(SECRET);
        assertThat(access.toString()).doesNotContain(SECRET).contains("***", notPem.toString());
        assertThat(new Store(keyOnly, null))
                .satisfies(store -> assertThatThrownBy(() -> RegistryTls.trusted(store))
                        .hasMessageContaining("must contain certificates"));
        assertThatThrownBy(() -> RegistryTls.own(new Store(serverStore, new SecretSource(SECRET, null)), null))
                .hasMessageContaining(serverStore.toString())
                .hasMessageNotContaining(SECRET);
    }

    private static RegistryAccess user(String url, String user, SecretSource password) {
        return new RegistryAccess(url, SubjectNaming.RECORD, user, password, null, null, null, null);
    }

    private static RegistryAccess token(String url, SecretSource token) {
        return new RegistryAccess(url, SubjectNaming.RECORD, null, null, token, null, null, null);
    }

    private static RegistryAccess tls(String url, Store truststore, @Nullable Store keystore, @Nullable Path key) {
        return new RegistryAccess(url, SubjectNaming.RECORD, null, null, null, truststore, keystore, key);
    }

    private static Store store(Path file) {
        return new Store(file, new SecretSource(TestKeys.PASSWORD, null));
    }

    private static boolean registered(RegistryAccess access) {
        return new HttpSchemaRegistry(access, PATIENCE).register("a", EventType.SAMPLE.schema()) == 257;
    }

    private String startHttp() throws IOException {
        return start(HttpServer.create(loopback(), 0), "http");
    }

    private String startHttps(boolean wantsCertificate) throws Exception {
        HttpsServer https = HttpsServer.create(loopback(), 0);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(TestKeys.open(serverStore), TestKeys.PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(RegistryTls.trusted(
                new Store(Files.writeString(folder.resolve("clients.pem"), TestKeys.certificate(clientStore)), null)));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        https.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(wantsCertificate);
                parameters.setSSLParameters(wanted);
            }
        });
        return start(https, "https");
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private String start(HttpServer started, String scheme) {
        server = started;
        started.createContext("/", this::answer);
        started.start();
        return scheme + "://localhost:" + started.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String path = URLDecoder.decode(exchange.getRequestURI().toString(), StandardCharsets.UTF_8);
        subjects.add(path.substring(SUBJECTS.length(), path.lastIndexOf('/')));
        String credentials = exchange.getRequestHeaders().getFirst("Authorization");
        boolean welcome = accepted.isEmpty() ? credentials == null : accepted.equals(credentials);
        byte[] body = "{\"id\": 257}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(welcome ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
