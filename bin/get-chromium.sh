#!/bin/sh
# Makes sure, in continuous integration, that a browser is there for the tests of the page: as root on Debian it
# installs Chromium. Elsewhere it does nothing: who works on joblog at home has what is installed and is not to be
# surprised; the tests say what they leave out.
set -u
[ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
! command -v chromium >/dev/null 2>&1 || exit 0

echo "joblog: installing chromium for the tests" >&2
export DEBIAN_FRONTEND=noninteractive
install() { apt-get -q -y --no-install-recommends install chromium >/dev/null 2>&1; }
install || { apt-get -q update >/dev/null 2>&1 && install; } ||
  echo "joblog: apt-get could not install chromium" >&2
