#!/bin/sh
# Makes sure, in continuous integration, that a C compiler and Slurm are there for the tests of the relay, the plugin and
# a real cluster: as root on Debian or Ubuntu it installs their packages. Elsewhere it does nothing: who works on
# joblog at home has what is installed and is not to be surprised; the tests say what they leave out.
# The services are not started by the packages: the tests start daemons of their own.
set -u
[ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0

packages=
need() { # PROGRAM-OR-FILE PACKAGE...
  if ! command -v "$1" >/dev/null 2>&1 && [ ! -e "$1" ]; then
    shift
    packages="$packages $*"
  fi
}
need cc gcc libc6-dev
need make make
need slurmctld slurm-wlm
need munged munge
need /usr/include/slurm/spank.h libslurm-dev
[ -n "$packages" ] || exit 0

echo "joblog: installing$packages for the tests" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # packages are words
install() { RUNLEVEL=1 apt-get -q -y --no-install-recommends install $packages >/dev/null 2>&1; }
install || { apt-get -q update >/dev/null 2>&1 && install; } ||
  echo "joblog: apt-get could not install$packages" >&2
