package io.headwater.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two image files differ in what a GPU needs, and build with profiles that there are. */
class ImageFilesTest {

    @Test
    void shouldBuildTheGpuImageWithProfilesOfTheBuild() throws IOException {
        String cuda = Files.readString(Path.of("docker/Dockerfile.cuda"));
        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(cuda).contains("ARG BACK_END=cuda\n", "-P\"${BACK_END}\"", "BACK_END=cuda-backbone");
        assertThat(pom).contains("<id>cuda</id>", "<id>cuda-backbone</id>", "<id>onednn</id>");
        assertThat(Files.readString(Path.of("k8s/overlays/gpu/kustomization.yaml")))
                .contains("newTag: 0.1.0-cuda");
        assertThat(cuda).contains("-t headwater:0.1.0-cuda");
    }

    @Test
    void shouldKeepBothImagesAlikeInTheRest() throws IOException {
        assertThat(ending("docker/Dockerfile.cuda")).isEqualTo(ending("docker/Dockerfile.jvm"));
    }

    /** A container is reached from outside only at its own addresses, of which loopback is none. */
    @Test
    void shouldListenOnAllAddressesOfTheContainer() throws IOException {
        for (String file : List.of("docker/Dockerfile.jvm", "docker/Dockerfile.cuda")) {
            assertThat(Files.readString(Path.of(file))).contains("QUARKUS_HTTP_HOST=0.0.0.0\n");
        }
        assertThat(Files.readString(Path.of("src/main/resources/application.properties")))
                .contains("\nquarkus.http.host=127.0.0.1\n");
    }

    /** Neither compose files nor manifests of the pages build what Kubernetes runs. */
    @ParameterizedTest
    @ValueSource(strings = {"docker/Dockerfile.jvm", "docker/Dockerfile.cuda"})
    void shouldBeBuiltAsTheirHeadsAndTheDocumentationSay(String file) throws IOException {
        List<String> commands = Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith("#   docker build "))
                .map(line -> line.substring(4))
                .toList();

        assertThat(commands).isNotEmpty();
        assertThat(Files.readAllLines(Path.of("docs/operations.md"))).containsAll(commands);
    }

    private static String ending(String file) throws IOException {
        String text = Files.readString(Path.of(file));
        return text.substring(text.indexOf("HEADWATER_STORE="));
    }
}
