package io.headwater.packaging;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.headwater.config.AdaptationFile;
import io.headwater.config.HeadwaterConfig;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesManifestsTest {

    private static final String BASE = "k8s/base";
    private static final String DEV = "k8s/overlays/dev";
    private static final String GPU = "k8s/overlays/gpu";
    private static final String FEATURIZER = "k8s/overlays/featurizer";
    private static final String SEVERAL = "k8s/overlays/several";
    private static final String EXAMPLE = "k8s/overlays/example";

    @ParameterizedTest
    @ValueSource(strings = {BASE, DEV, GPU, SEVERAL, FEATURIZER, EXAMPLE})
    void shouldRunEveryPodRestricted(String folder) throws Exception {
        for (PodTemplateSpec pod : Manifests.of(Path.of(folder)).pods().values()) {
            PodSpec spec = pod.getSpec();
            assertThat(spec.getAutomountServiceAccountToken()).isFalse();
            assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(spec.getSecurityContext().getRunAsUser()).isPositive();
            assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            for (Container container : spec.getContainers()) {
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(container.getSecurityContext().getPrivileged()).isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, DEV, GPU, SEVERAL, FEATURIZER, EXAMPLE})
    void shouldProbeAndBoundEveryContainerOfAPinnedImage(String folder) throws Exception {
        for (PodTemplateSpec pod : Manifests.of(Path.of(folder)).pods().values()) {
            assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isGreaterThan(10);
            for (Container container : pod.getSpec().getContainers()) {
                assertThat(container.getImage()).matches("[^:]+:[^:]+").doesNotEndWith(":latest");
                assertThat(container.getStartupProbe()).isNotNull();
                assertThat(container.getLivenessProbe()).isNotNull();
                assertThat(container.getReadinessProbe()).isNotNull();
                assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
                assertThat(container.getResources().getLimits()).containsKeys("cpu", "memory");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, DEV, GPU, SEVERAL, FEATURIZER, EXAMPLE})
    void shouldReferToNothingThatIsMissing(String folder) throws Exception {
        Manifests manifests = Manifests.of(Path.of(folder));
        for (PodTemplateSpec pod : manifests.pods().values()) {
            PodSpec spec = pod.getSpec();
            if (spec.getServiceAccountName() != null) {
                assertThat(manifests.names(ServiceAccount.class)).contains(spec.getServiceAccountName());
            }
            spec.getVolumes().forEach(volume -> assertSourceExists(volume, manifests));
            List<String> volumes =
                    spec.getVolumes().stream().map(Volume::getName).toList();
            for (Container container : spec.getContainers()) {
                assertThat(container.getVolumeMounts())
                        .allSatisfy(mount -> assertThat(volumes).contains(mount.getName()));
                container
                        .getEnvFrom()
                        .forEach(source -> assertThat(manifests.names(ConfigMap.class))
                                .contains(source.getConfigMapRef().getName()));
            }
        }
        manifests
                .of(Service.class)
                .forEach(service -> assertSelects(service.getSpec().getSelector(), manifests));
        manifests
                .of(PodDisruptionBudget.class)
                .forEach(budget -> assertSelects(budget.getSpec().getSelector().getMatchLabels(), manifests));
        manifests
                .of(NetworkPolicy.class)
                .forEach(policy ->
                        assertSelects(policy.getSpec().getPodSelector().getMatchLabels(), manifests));
    }

    @Test
    void shouldRunOneWorkloadARole() throws Exception {
        assertThat(Manifests.of(Path.of(BASE)).pods())
                .hasEntrySatisfying(
                        "headwater-trainer", pod -> assertThat(role(pod)).isEqualTo("trainer"))
                .hasEntrySatisfying(
                        "headwater-predictor", pod -> assertThat(role(pod)).isEqualTo("predictor"))
                .hasEntrySatisfying(
                        "headwater-streams", pod -> assertThat(role(pod)).isEqualTo("streams"))
                .hasEntrySatisfying(
                        "headwater-api", pod -> assertThat(role(pod)).isEqualTo("api"))
                .hasEntrySatisfying(
                        "headwater-page", pod -> assertThat(role(pod)).isEqualTo("page"))
                .hasSize(5);
    }

    /** Pods are sent what the names of these services lead to, and refuse other names. */
    @ParameterizedTest
    @ValueSource(strings = {BASE, DEV, EXAMPLE})
    void shouldServeApiAndPageUnderNamesThatAreKnown(String folder) throws Exception {
        Manifests manifests = Manifests.of(Path.of(folder));
        for (String role : List.of("api", "page")) {
            Service service = manifests
                    .of(Service.class)
                    .filter(one -> one.getMetadata().getName().equals("headwater-" + role))
                    .findFirst()
                    .orElseThrow();
            assertThat(service.getSpec().getClusterIP()).isNull();
            assertThat(service.getSpec().getPublishNotReadyAddresses()).isNull();
            assertThat(manifests.pods().values().stream()
                            .filter(pod -> pod.getMetadata()
                                    .getLabels()
                                    .entrySet()
                                    .containsAll(service.getSpec().getSelector().entrySet())))
                    .singleElement()
                    .satisfies(pod -> assertThat(role(pod).split(",")).contains(role));
            assertThat(manifests.of(ConfigMap.class).map(ConfigMap::getData))
                    .anySatisfy(data -> assertThat(data.getOrDefault("HEADWATER_HTTP_HOSTS", "")
                                    .split(","))
                            .contains(service.getMetadata().getName()));
        }
    }

    /** Policies add up, so that one which lets every pod of the namespace in would be enough. */
    @ParameterizedTest
    @ValueSource(strings = {BASE, GPU, SEVERAL, FEATURIZER, EXAMPLE})
    void shouldLetOnlyLabelledPodsReachThePage(String folder) throws Exception {
        Manifests manifests = Manifests.of(Path.of(folder));
        Map<String, String> page = requireNonNull(manifests.pods().get("headwater-page"))
                .getMetadata()
                .getLabels();

        List<NetworkPolicy> policies = manifests
                .of(NetworkPolicy.class)
                .filter(policy -> policy.getSpec().getPolicyTypes().contains("Ingress")
                        && selects(policy.getSpec().getPodSelector(), page))
                .toList();

        assertThat(policies)
                .singleElement()
                .extracting(policy -> policy.getSpec().getIngress())
                .satisfies(rules -> assertThat(rules)
                        .flatExtracting(NetworkPolicyIngressRule::getFrom)
                        .allSatisfy(peer -> assertThat(
                                        peer.getPodSelector() == null
                                                ? peer.getNamespaceSelector().getMatchLabels()
                                                : peer.getPodSelector().getMatchLabels())
                                .isNotEmpty()));
    }

    /** Kubernetes' rule for selectors, as far as the manifests use it. */
    private static boolean selects(LabelSelector selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.getMatchLabels().entrySet())
                && selector.getMatchExpressions().stream().allMatch(one -> {
                    assertThat(one.getOperator()).isEqualTo("NotIn");
                    return !one.getValues().contains(labels.get(one.getKey()));
                });
    }

    @Test
    void shouldRunFeaturizersWhoseFeaturesAreUsed() throws Exception {
        Manifests manifests = Manifests.of(Path.of(FEATURIZER));
        assertThat(manifests.pods())
                .hasEntrySatisfying(
                        "headwater-featurizer", pod -> assertThat(role(pod)).isEqualTo("featurizer"))
                .hasSize(6);
        assertThat(manifests.of(ConfigMap.class).map(ConfigMap::getData))
                .anySatisfy(data -> assertThat(data).containsEntry("HEADWATER_FEATURIZER_USE", "true"));
    }

    @Test
    void shouldNeedNoSharedVolumeToDevelop() throws Exception {
        Manifests manifests = Manifests.of(Path.of(DEV));
        assertThat(manifests.names(PersistentVolumeClaim.class)).isEmpty();
        assertThat(manifests.pods())
                .hasEntrySatisfying(
                        "headwater-trainer",
                        pod -> assertThat(role(pod)).isEqualTo("trainer,predictor,streams,api,page"))
                .hasSize(2);
    }

    @Test
    void shouldAskForOneGpuForEachPodThatRunsModels() throws Exception {
        Map<String, PodTemplateSpec> pods =
                new HashMap<>(Manifests.of(Path.of(GPU)).pods());
        assertThat(pods.remove("headwater-streams")).isNotNull();
        assertThat(pods.remove("headwater-page")).isNotNull();
        assertThat(pods.values()).isNotEmpty().allSatisfy(pod -> {
            Container container = pod.getSpec().getContainers().get(0);
            assertThat(container.getImage()).endsWith("-cuda");
            assertThat(container.getResources().getLimits()).containsEntry("nvidia.com/gpu", new Quantity("1"));
            assertThat(pod.getSpec().getTolerations()).isNotEmpty();
            assertThat(pod.getSpec().getNodeSelector()).isNotEmpty();
        });
    }

    /** A config map whose name changes with its content would restart the pods. */
    @Test
    void shouldMountAFolderOfAdaptationsThatMayChange() throws Exception {
        Manifests manifests = Manifests.of(Path.of(SEVERAL));
        ConfigMap adaptations = manifests
                .of(ConfigMap.class)
                .filter(map -> map.getMetadata().getName().equals("headwater-adaptations"))
                .findFirst()
                .orElseThrow();

        assertThat(adaptations.getData()).hasSizeGreaterThan(1);
        adaptations.getData().forEach(AdaptationFile::parse);
        assertThat(manifests.pods().values())
                .hasSize(5)
                .allSatisfy(pod -> assertThat(pod.getSpec().getVolumes().stream()
                                .filter(volume -> volume.getConfigMap() != null)
                                .map(volume -> volume.getConfigMap().getName()))
                        .containsExactly("headwater-adaptations"));
        assertThat(manifests.of(ConfigMap.class).map(ConfigMap::getData))
                .anySatisfy(data -> assertThat(data).containsEntry("HEADWATER_ADAPTATION", "/etc/headwater"));
    }

    @Test
    void shouldShowWhatAnOverlayForAnotherClusterSets() throws Exception {
        Manifests manifests = Manifests.of(Path.of(EXAMPLE));
        assertThat(manifests.objects())
                .filteredOn(object -> !(object instanceof Namespace))
                .extracting(object -> object.getMetadata().getNamespace())
                .containsOnlyElementsOf(manifests.names(Namespace.class));
        assertThat(manifests.of(PersistentVolumeClaim.class))
                .singleElement()
                .satisfies(claim ->
                        assertThat(claim.getSpec().getStorageClassName()).isNotNull());
        assertThat(manifests.pods().values())
                .hasSize(5)
                .allSatisfy(
                        pod -> assertThat(pod.getSpec().getContainers().get(0).getImage())
                                .contains("/headwater:"));
        assertThat(manifests.of(ConfigMap.class).map(ConfigMap::getData))
                .filteredOn(data -> data.containsKey("adaptation.yaml"))
                .singleElement()
                .satisfies(data -> assertThat(data)
                        .isEqualTo(Map.of("adaptation.yaml", Files.readString(Path.of(EXAMPLE, "adaptation.yaml")))))
                .satisfies(data -> data.forEach(AdaptationFile::parse));
    }

    /** A variable whose name is misspelt would be ignored in silence. */
    @Test
    void shouldHaveSettingsInTheExampleThatAServiceReads() throws Exception {
        Manifests manifests = Manifests.of(Path.of(EXAMPLE));
        Map<String, String> variables = new HashMap<>(manifests
                .of(ConfigMap.class)
                .map(ConfigMap::getData)
                .filter(data -> data.containsKey("HEADWATER_BOOTSTRAP_SERVERS"))
                .findFirst()
                .orElseThrow());
        for (PodTemplateSpec pod : manifests.pods().values()) {
            assertThat(pod.getSpec().getContainers().get(0).getEnv())
                    .filteredOn(variable -> variable.getValueFrom() != null
                            && variable.getValueFrom().getSecretKeyRef() != null)
                    .singleElement()
                    .satisfies(variable -> variables.put(
                            variable.getName(),
                            variable.getValueFrom().getSecretKeyRef().getKey()));
        }
        HeadwaterConfig settings = new SmallRyeConfigBuilder()
                .withMapping(HeadwaterConfig.class)
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withSources(new EnvConfigSource(variables, 300))
                .build()
                .getConfigMapping(HeadwaterConfig.class);

        assertThat(settings.kafka())
                .isEqualTo(Map.of(
                        "security.protocol",
                        "SASL_SSL",
                        "sasl.mechanism",
                        "SCRAM-SHA-512",
                        "sasl.jaas.config",
                        "sasl.jaas.config"));
        assertThat(settings.bootstrapServers().split(",")).hasSize(3);
        assertThat(settings.topics().partitions()).isEqualTo(12);
        assertThat(settings.topics().replication()).isEqualTo((short) 3);
        assertThat(settings.topics().minInsyncReplicas()).isEqualTo(2);
    }

    private static String role(PodTemplateSpec pod) {
        return pod.getSpec().getContainers().get(0).getEnv().stream()
                .filter(variable -> variable.getName().equals("HEADWATER_ROLES"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static void assertSourceExists(Volume volume, Manifests manifests) {
        if (volume.getConfigMap() != null) {
            assertThat(manifests.names(ConfigMap.class))
                    .contains(volume.getConfigMap().getName());
        } else if (volume.getPersistentVolumeClaim() != null) {
            assertThat(manifests.names(PersistentVolumeClaim.class))
                    .contains(volume.getPersistentVolumeClaim().getClaimName());
        } else {
            assertThat(volume.getEmptyDir()).as(volume.getName()).isNotNull();
        }
    }

    private static void assertSelects(Map<String, String> selector, Manifests manifests) {
        assertThat(selector).isNotEmpty();
        assertThat(manifests.pods().values())
                .anySatisfy(pod -> assertThat(pod.getMetadata().getLabels()).containsAllEntriesOf(selector));
    }
}
