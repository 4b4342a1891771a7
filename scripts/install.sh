#!/usr/bin/env bash
# Installs the Debian 12 packages that souk needs: the one list, used by everything.
# Does nothing, and needs no network, where they are there.
#
#   scripts/install.sh               # to build, to run and to test
#   scripts/install.sh example_data  # only what brings the quickstart's data
#   scripts/install.sh baselines     # only what souk's speed is compared with
set -euo pipefail

build=(
  # tools
  cmake g++ git ninja-build python3 clang-format
  # core: draws, digests, log
  librandom123-dev libssl-dev libspdlog-dev libfmt-dev
  # data: files
  libhdf5-dev libdeflate-dev zlib1g-dev
  # models: products and kernels; Torch is the oracle of their tests
  libdnnl-dev libhwy-dev libtorch-dev
  # actors: messages; tensors between processes (Asio)
  libcaf-dev libboost-dev
  # experiments: the file, the command line, results, the report's charts
  libyaml-cpp-dev libcli11-dev nlohmann-json3-dev libjs-d3
  # tests and benchmarks; hosts of their own made of network namespaces
  catch2 libbenchmark-dev iproute2
)
# For x86 only, and souk does without: TLS by the processor's VAES.
if [ "$(dpkg --print-architecture 2> /dev/null || true)" = amd64 ]; then
  build+=(libipsec-mb-dev)
fi
# MovieLens latest-small, as a data set of R's package dslabs.
example_data=(r-base-core r-cran-dslabs)
# The PyTorch loops of scripts/baselines/, which would be ten times slower without OpenBLAS, and Gloo.
baselines=(python3-torch python3-numpy libopenblas0-pthread libgloo-dev)

case ${1:-build} in
  build) wanted=("${build[@]}") ;;
  example_data) wanted=("${example_data[@]}") ;;
  baselines) wanted=("${baselines[@]}") ;;
  *)
    echo "usage: scripts/install.sh [build|example_data|baselines]" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query > /dev/null; then
  echo "install.sh: this is no Debian; install what corresponds to: ${wanted[*]}" >&2
  exit 1
fi

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2> /dev/null || true)
  # A package of several architectures answers once for each.
  [[ $state == installed* ]] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo > /dev/null; then
    echo "install.sh: packages are missing, and this is neither root nor is sudo there." >&2
    echo "Ask somebody who is: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@"
}

echo "Installing: ${missing[*]}"
# Without a network the lists may still name what a local cache holds.
apt_get update --quiet || echo "install.sh: the package lists could not be renewed" >&2
apt_get install --yes --quiet --no-install-recommends "${missing[@]}"
