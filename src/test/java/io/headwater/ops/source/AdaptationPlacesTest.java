package io.headwater.ops.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.AdaptationFile;
import io.headwater.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptationPlacesTest {
    @TempDir
    Path folder;

    @Test
    void shouldFindTheFilesOfFoldersInOrderAndEachOnce() throws IOException {
        for (String name : List.of("b.yaml", "a.yml", ".hidden.yaml", "notes.txt", "b.yaml~", "c.yaml.bak")) {
            Files.writeString(folder.resolve(name), "");
        }
        Files.writeString(Files.createDirectory(folder.resolve("models.yaml")).resolve("manifest.yaml"), "");
        Path single = folder.resolve("notes.txt");

        AdaptationPlaces places = AdaptationPlaces.of(List.of(folder.resolve("b.yaml"), folder, single));

        assertThat(places.files()).containsExactly(folder.resolve("b.yaml"), folder.resolve("a.yml"), single);
        assertThat(places.isPlural()).isTrue();
        assertThat(AdaptationPlaces.of(List.of(single)).isPlural()).isFalse();
        assertThat(AdaptationPlaces.of(List.of(folder)).isPlural()).isTrue();
    }

    /** A config map is mounted as links to files in a folder behind another link, which is turned to a new folder. */
    @Test
    void shouldFollowTheLinksOfAConfigMap() throws IOException {
        Path old = Files.createDirectory(folder.resolve("..2026_01"));
        Files.writeString(old.resolve("a.yaml"), "first");
        Path turned = Files.createSymbolicLink(folder.resolve("..data"), old.getFileName());
        Path link = Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        AdaptationPlaces places = AdaptationPlaces.of(List.of(folder));

        assertThat(places.files()).containsExactly(link);
        AdaptationSource before = AdaptationSource.read(link);
        Path next = Files.createDirectory(folder.resolve("..2026_02"));
        Files.writeString(next.resolve("a.yaml"), "second");
        Files.delete(turned);
        Files.createSymbolicLink(turned, next.getFileName());

        assertThat(places.files()).containsExactly(link);
        assertThat(AdaptationSource.read(link).content()).isNotEqualTo(before.content());
    }

    @Test
    void shouldSayThatAFolderIsAway() throws IOException {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Path file = Files.writeString(volume.resolve("a.yaml"), "");
        AdaptationPlaces places = AdaptationPlaces.of(List.of(volume));
        Files.delete(file);

        assertThatThrownBy(places::files)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'" + volume + "' has no file that ends in .yaml or .yml");
        Files.delete(volume);
        assertThatThrownBy(places::files)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'" + volume + "' cannot");
    }

    @Test
    void shouldSayThatACommandTakesOneFileOfAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "");

        assertThatThrownBy(() -> AdaptationFile.read(folder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("this is a folder; name one of its files, such as " + file);
    }
}
