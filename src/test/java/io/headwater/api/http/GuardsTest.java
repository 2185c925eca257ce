package io.headwater.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuardsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static HttpServer server;

    @BeforeAll
    static void start() {
        Router router = Router.router(VERTX);
        new Guards(List.of("models.example")).mount(router, List.of("/named"), Responses::problem);
        new Guards(List.of("*")).mount(router, List.of("/all"), Responses::problem);
        router.route().handler(context -> context.response().end());
        server = VERTX.createHttpServer()
                .requestHandler(router)
                .listen(0, "0.0.0.0")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    /** A port of a container that is published on the loopback address is reached through another address of the container. */
    @Test
    void shouldRefuseNamesThatItDoesNotKnowOnAllAddresses() throws Exception {
        List<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4)
                .toList();

        assertThat(own).isNotEmpty().allSatisfy(address -> {
            assertThat(answer(address, "POST", "/named", "evil.example", ""))
                    .startsWith("HTTP/1.1 421 ")
                    .contains("this one was sent to 'evil.example'; add the name to HEADWATER_HTTP_HOSTS");
            for (String known : List.of("localhost", address.getHostAddress(), "models.example")) {
                assertThat(answer(address, "GET", "/named", known + ":8080", ""))
                        .as(known)
                        .startsWith("HTTP/1.1 200 ");
            }
        });
    }

    @Test
    void shouldStillRefuseOtherSitesWhereAllNamesAreKnown() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");

        assertThat(answer(loopback, "POST", "/all", "any.example", "")).startsWith("HTTP/1.1 200 ");
        assertThat(answer(loopback, "POST", "/all", "any.example", "Origin: http://evil.example\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(answer(loopback, "GET", "/all", "any.example", "Origin: http://evil.example\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    /** Java's client does not let a host be chosen. */
    private static String answer(InetAddress address, String method, String path, String host, String headers) {
        try (Socket socket = new Socket(address, server.actualPort())) {
            String head = "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream()
                    .write(head.formatted(method, path, host, headers).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
