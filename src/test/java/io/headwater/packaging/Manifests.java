package io.headwater.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The objects that a kustomization yields, each read strictly. */
record Manifests(List<HasMetadata> objects) {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final Map<Path, Manifests> RENDERED = new HashMap<>();

    /** Renders a folder, once, with the kubectl of this machine; the test is skipped where there is none. */
    static synchronized Manifests of(Path kustomization) throws Exception {
        Manifests manifests = RENDERED.get(kustomization);
        if (manifests == null) {
            manifests = render(kustomization);
            RENDERED.put(kustomization, manifests);
        }
        return manifests;
    }

    private static Manifests render(Path kustomization) throws Exception {
        assumeThat(onPath("kubectl")).as("kubectl on the PATH").isTrue();
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", kustomization.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor()).as("kubectl kustomize " + kustomization).isZero();
        return new Manifests(Pattern.compile("^---$", Pattern.MULTILINE)
                .splitAsStream(rendered)
                .map(Manifests::strictly)
                .toList());
    }

    /** Names of objects of a kind. */
    List<String> names(Class<? extends HasMetadata> kind) {
        return of(kind).map(object -> object.getMetadata().getName()).toList();
    }

    <T extends HasMetadata> Stream<T> of(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** Pod templates by the name of their workload. */
    Map<String, PodTemplateSpec> pods() {
        return objects.stream()
                .filter(object -> object instanceof Deployment || object instanceof StatefulSet)
                .collect(Collectors.toMap(object -> object.getMetadata().getName(), Manifests::template));
    }

    private static PodTemplateSpec template(HasMetadata workload) {
        return workload instanceof Deployment deployment
                ? deployment.getSpec().getTemplate()
                : ((StatefulSet) workload).getSpec().getTemplate();
    }

    private static HasMetadata strictly(String yaml) {
        HasMetadata object = SERIALIZATION.unmarshal(yaml);
        assertThat(object).as("a kind that Kubernetes has: " + yaml).isNotInstanceOf(GenericKubernetesResource.class);
        assertThat(UnknownFields.of(object))
                .as("fields of " + object.getKind() + " " + object.getMetadata().getName() + " that no API knows")
                .isEmpty();
        return object;
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(path)
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
