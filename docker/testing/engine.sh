# shellcheck shell=bash
# Provides a container engine on a machine without one: podman with its Docker API. Sourced by the script "run".

readonly PODMAN_PACKAGES=(podman runc netavark aardvark-dns catatonit iptables busybox-static)

install_podman() {
  local missing=()
  for package in "${PODMAN_PACKAGES[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "container tests: no container engine answers, and installing podman needs root and apt-get;" \
      "start Docker, or run as root on Debian or Ubuntu" >&2
    exit 1
  fi
  echo "container tests: installing ${missing[*]}" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Settings that work without systemd and without the permission to raise limits, as in a container or a small VM.
# The store is in the given folder, so that "mvn clean" deletes it.
configure_podman() {
  local work=$1
  cat >"$work/containers.conf" <<CONF
[containers]
# By default podman requests a limit of a million open files, which needs CAP_SYS_RESOURCE.
default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
cgroupns = "host"
log_driver = "k8s-file"
pids_limit = 0
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
# crun does not support machines that use both versions of control groups.
runtime = "runc"
[network]
network_backend = "netavark"
CONF
  cat >"$work/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/storage-run"
CONF
  export CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf
}

serve_podman() {
  local socket=$1/podman.sock
  rm -f "$socket"
  podman system service --time=0 "unix://$socket" >"$1/podman.log" 2>&1 &
  podman_service=$!
  for _ in $(seq 100); do
    [ -S "$socket" ] && break
    if ! kill -0 "$podman_service" 2>/dev/null; then
      echo "container tests: podman's service ended; its log:" >&2
      tail -n 20 "$1/podman.log" >&2
      exit 1
    fi
    sleep 0.1
  done
  export DOCKER_HOST=unix://$socket
  # The image of the Testcontainers reaper cannot be built here; the tests stop the containers that they start.
  export TESTCONTAINERS_RYUK_DISABLED=true
  # Published ports are on the loopback device, even if the tests run in a container themselves.
  export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
}

stop_podman() {
  podman rm --all --force >/dev/null 2>&1 || true
  kill "$podman_service" 2>/dev/null || true
}
